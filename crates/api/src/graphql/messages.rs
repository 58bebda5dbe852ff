//! What the GraphQL engine says and what we say instead: one table, so that a new release of the
//! engine is compared with it in one place.

/// A message of the engine, its names as `{}`: what it begins with, our code, and our words with
/// the names by number.
pub const MESSAGES: [(&str, &str, &str, &str); 31] = [
    (
        "Unknown field {} on type {}.",
        "unknown_field",
        "Kiểu {1} không có trường “{0}”.",
        "The type {1} has no field “{0}”.",
    ),
    (
        "Unknown argument {} on field {} of type {}.",
        "unknown_argument",
        "Trường {1} không có đối số “{0}”.",
        "The field {1} has no argument “{0}”.",
    ),
    (
        "Unknown argument {} on directive {}.",
        "unknown_argument",
        "Chỉ thị {1} không có đối số “{0}”.",
        "The directive {1} has no argument “{0}”.",
    ),
    ("Unknown directive {}", "unknown_directive", "Không có chỉ thị “{0}”.", "There is no directive “{0}”."),
    (
        "Directive {} may not be used on {}",
        "misplaced_directive",
        "Chỉ thị “{0}” không dùng được ở đây.",
        "The directive “{0}” cannot stand here.",
    ),
    (
        "Directive {} argument {} of type {} is required",
        "required",
        "Chỉ thị {0} cần đối số “{1}” kiểu {2}.",
        "The directive {0} needs the argument “{1}” of type {2}.",
    ),
    ("Duplicate directive {}", "repeated", "Chỉ thị “{0}” lặp lại.", "The directive “{0}” is given twice."),
    ("Unknown type {}", "unknown_type", "Không có kiểu “{0}”.", "There is no type “{0}”."),
    ("Unknown fragment: {}", "unknown_fragment", "Không có fragment “{0}”.", "There is no fragment “{0}”."),
    (
        "Unknown operation named {}",
        "unknown_operation",
        "Không có operation tên “{0}” trong tài liệu.",
        "The document has no operation “{0}”.",
    ),
    (
        "Operation name required",
        "operation_name_required",
        "Tài liệu có nhiều operation; cần operationName.",
        "The document has several operations; operationName is needed.",
    ),
    (
        "Fragment {} is never used",
        "unused_fragment",
        "Fragment “{0}” không được dùng.",
        "The fragment “{0}” is never used.",
    ),
    (
        "Fragment {} cannot",
        "impossible_fragment",
        "Fragment “{0}” không dùng được cho kiểu ở đây.",
        "The fragment “{0}” does not fit the type it stands in.",
    ),
    (
        "Fragment cannot",
        "impossible_fragment",
        "Fragment không dùng được cho kiểu ở đây.",
        "The fragment does not fit the type it stands in.",
    ),
    (
        "Cannot spread fragment {}",
        "circular_fragment",
        "Fragment “{0}” chứa chính nó.",
        "The fragment “{0}” contains itself.",
    ),
    (
        "Invalid value for argument {}, expected type {}",
        "invalid_value",
        "Giá trị ở “{0}” sai kiểu; cần {1}.",
        "The value at “{0}” is of the wrong kind; expected {1}.",
    ),
    (
        "Invalid value for argument {}, enumeration type {}",
        "unknown_code",
        "Mã ở “{0}” không có trong {1}.",
        "The code at “{0}” is not one of {1}.",
    ),
    (
        "Invalid value for argument {}, field {} of type {} is required",
        "required",
        "Thiếu trường “{1}” trong “{0}”.",
        "The field “{1}” is missing in “{0}”.",
    ),
    (
        "Invalid value for argument {}, unknown field {} of type {}",
        "unknown_property",
        "“{0}” ({2}) không có trường “{1}”.",
        "“{0}” ({2}) has no field “{1}”.",
    ),
    (
        "Invalid default value for argument",
        "invalid_value",
        "Giá trị mặc định của biến không hợp lệ.",
        "The default value of a variable does not fit.",
    ),
    (
        "Field {} argument {} of type {} is required",
        "required",
        // The engine names the type that the field stands in, not that of the argument.
        "Trường {0} cần đối số “{1}”.",
        "The field {0} needs the argument “{1}”.",
    ),
    (
        "Field {} must not have a selection",
        "no_subfields",
        "Trường “{0}” không có trường con.",
        "The field “{0}” has no fields of its own.",
    ),
    (
        "Field {} of type {} must have a selection",
        "subfields_required",
        "Trường “{0}” kiểu {1} cần danh sách trường con.",
        "The field “{0}” of type {1} needs a selection of its fields.",
    ),
    (
        "Fields {} conflict",
        "conflicting_fields",
        "Hai lần dùng “{0}” khác nhau; hãy đặt bí danh.",
        "The two uses of “{0}” differ; give them aliases.",
    ),
    (
        "Variable {} of type {} used in position expecting type {}",
        "wrong_variable_type",
        "Biến {0} kiểu {1} đặt ở chỗ cần {2}.",
        "The variable {0} of type {1} stands where {2} is expected.",
    ),
    (
        "Variable {} cannot be of non-input type {}",
        "wrong_variable_type",
        "Biến {0}: {1} không phải kiểu đầu vào.",
        "The variable {0}: {1} is not an input type.",
    ),
    (
        "Variable {} is not defined",
        "undefined_variable",
        "Biến {0} chưa được khai báo.",
        "The variable {0} is not declared.",
    ),
    ("Variable {} is not used", "unused_variable", "Biến {0} không được dùng.", "The variable {0} is not used."),
    ("There can only be one", "repeated", "Tên “{0}” lặp lại.", "The name “{0}” is given twice."),
    (
        "Subscriptions are not supported on this transport",
        "subscription_elsewhere",
        "Subscription gửi tới /graphql/ws (WebSocket, giao thức graphql-transport-ws).",
        "A subscription goes to /graphql/ws (WebSocket, protocol graphql-transport-ws).",
    ),
    (
        "Schema is not configured",
        "unknown_operation",
        "Không có loại operation này.",
        "There is no operation of this kind.",
    ),
];
