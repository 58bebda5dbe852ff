// Starts the explorer against the GraphQL endpoint beside this page.
//
// A file and not an inline script, so that the page lives under a strict
// Content-Security-Policy. `?lang=en` asks for English labels, as on the other pages.
(function () {
  'use strict';

  var WELCOME = [
    '# Nhấn ▶ hoặc Ctrl-Enter để chạy.',
    '# Mã truy cập: dán vào thẻ Headers, sau',
    '# chữ Bearer; lấy mã tại POST /oauth/token.',
    '# Dữ liệu công khai đọc được không cần mã.',
    '#',
    '# Press ▶ or Ctrl-Enter to run.',
    '# Access token: paste it in the Headers tab',
    '# after Bearer; get one at POST /oauth/token.',
    '# Public data can be read without one.',
    '',
    '# Có thể hỏi những gì? · What can be asked?',
    '{',
    '  __schema {',
    '    queryType {',
    '      fields {',
    '        name',
    '        description',
    '      }',
    '    }',
    '  }',
    '}',
    '',
  ].join('\n');

  var lang = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'vi';
  var endpoint = new URL('graphql', location.href);
  var socket = new URL('graphql/ws', location.href);
  socket.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

  // The Headers tab starts with a Bearer prefix to complete; until then it is not sent,
  // because an empty token is a wrong one while none at all may read what is public.
  function fetchWithoutEmptyToken(url, options) {
    var headers = new Headers(options && options.headers);
    if (/^bearer\s*$/i.test(headers.get('authorization') || '')) {
      headers.delete('authorization');
    }
    return fetch(url, Object.assign({}, options, { headers: headers }));
  }

  document.documentElement.lang = lang;
  document.title = lang === 'en' ? 'GraphQL explorer – GDTX' : 'Trình thử GraphQL – GDTX';

  var h = React.createElement;
  var home = h('a', { className: 'home', href: './?lang=' + lang }, 'GDTX');
  ReactDOM.createRoot(document.getElementById('explorer')).render(
    h(
      GraphiQL,
      {
        fetcher: GraphiQL.createFetcher({
          url: endpoint.href,
          subscriptionUrl: socket.href,
          headers: { 'Accept-Language': lang },
          fetch: fetchWithoutEmptyToken,
        }),
        defaultQuery: WELCOME,
        defaultHeaders: '{\n  "Authorization": "Bearer "\n}',
        defaultEditorToolsVisibility: 'headers',
        isHeadersEditorEnabled: true,
        // A token must not stay in the browser's storage.
        shouldPersistHeaders: false,
      },
      h(GraphiQL.Logo, null, home),
    ),
  );
})();
