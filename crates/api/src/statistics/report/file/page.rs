//! A report as pages to print and sign: the head of an official document, the table, explanations, signatures.

use gdtx_service::Result;
use krilla::metadata::Metadata;

use super::{
    pen::{Align, HEIGHT, Letters, Pen, WIDTH},
    table::{Document, Row},
};

const MARGIN: f32 = 36.0;
const BOTTOM: f32 = HEIGHT - 36.0;
const SMALL: Letters = Letters::plain(8.5);
const STRONG: Letters = Letters::bold(8.5);
/// The width of a text beside another one.
const HALF: f32 = 270.0;
/// Between a text and the line around it.
const GAP: f32 = 3.0;

/// The document as pages.
pub fn pages(document: &Document) -> Result<Vec<u8>> {
    let mut sheet = Sheet { document, pen: Pen::default(), widths: widths(document.columns.len()), y: MARGIN };
    sheet.pen.turn();
    sheet.head();
    sheet.table_head();
    for row in &document.rows {
        sheet.row(row);
    }
    sheet.explanations();
    sheet.signatures();
    sheet.notes();
    let metadata = Metadata::new()
        .title(format!("{} - {} - {}", document.title, document.year, document.reporter))
        .description(document.as_of.clone())
        .language("vi".to_owned())
        .authors(vec![document.reporter.clone()])
        .document_id(document.id.clone());
    sheet.pen.finish(metadata, document.is_draft.then_some("BẢN NHÁP"))
}

/// Widths of number, indicator, unit, code and so many figures.
fn widths(figures: usize) -> Vec<f32> {
    #[expect(clippy::cast_precision_loss, reason = "a form has few columns")]
    let count = figures as f32;
    let figure = 74.0_f32.min(430.0 / count.max(1.0));
    let label = WIDTH - 2.0 * MARGIN - 30.0 - 58.0 - 36.0 - figure * count;
    let mut all = vec![30.0, label, 58.0, 36.0];
    all.extend(std::iter::repeat_n(figure, figures));
    all
}

struct Sheet<'a> {
    document: &'a Document,
    pen: Pen,
    widths: Vec<f32>,
    y: f32,
}

impl Sheet<'_> {
    /// A line of text across the page.
    fn centred(&mut self, x: f32, letters: Letters, text: &str) {
        self.y += letters.step();
        self.pen.write((x, self.y), Align::Centre, letters, text);
    }

    /// Text of which nobody knows how long it is, in lines of this width.
    fn wrapped(&mut self, (x, width): (f32, f32), letters: Letters, text: &str) {
        for line in letters.lines(text, width) {
            self.centred(x, letters, &line);
        }
    }

    fn head(&mut self) {
        let document = self.document;
        let (left, right, top) = (MARGIN + 140.0, WIDTH - MARGIN - 180.0, self.y);
        self.wrapped((left, HALF), Letters::bold(10.0), &document.reporter.to_uppercase());
        self.wrapped((left, HALF), Letters::plain(9.5), &document.number);
        self.centred(left, Letters::plain(9.5), &document.symbol);
        let left_end = std::mem::replace(&mut self.y, top);
        self.centred(right, Letters::bold(10.0), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
        self.centred(right, Letters::bold(10.0), "Độc lập - Tự do - Hạnh phúc");
        self.pen.line((right - 70.0, self.y + 4.0), (140.0, 0.5));
        self.y = left_end.max(self.y) + 34.0;
        self.wrapped((WIDTH / 2.0, WIDTH - 2.0 * MARGIN), Letters::bold(13.0), &document.title);
        self.centred(WIDTH / 2.0, Letters::plain(10.0), &document.year);
        self.centred(WIDTH / 2.0, Letters::plain(10.0), &format!("({})", document.as_of));
        for (name, body) in [("Đơn vị báo cáo", &document.reporter), ("Đơn vị nhận báo cáo", &document.receiver)]
        {
            self.y += 13.0;
            self.pen.write((MARGIN, self.y), Align::Left, Letters::plain(9.5), &format!("{name}: {body}"));
        }
        self.y += 8.0;
    }

    /// The names of the columns, and their letters and numbers.
    fn table_head(&mut self) {
        let names = ["STT", "Chỉ tiêu", "Đơn vị", "Mã số"].map(str::to_owned).into_iter();
        let names: Vec<String> = names.chain(self.document.columns.iter().cloned()).collect();
        let letters = ["A", "B", "C", "D"].map(str::to_owned).into_iter();
        let letters: Vec<String> = letters.chain((1..=self.document.columns.len()).map(|n| n.to_string())).collect();
        self.pen.line((MARGIN, self.y), (WIDTH - 2.0 * MARGIN, 0.5));
        let aligned = |texts: Vec<String>| texts.into_iter().map(|text| (text, Align::Centre)).collect::<Vec<_>>();
        self.cells(&aligned(names), STRONG);
        self.cells(&aligned(letters), Letters::plain(7.5));
    }

    fn row(&mut self, row: &Row) {
        let is_heading = row.cells.is_empty();
        let mut cells = vec![
            (row.number.clone(), Align::Centre),
            (row.label.clone(), Align::Left),
            (row.unit.clone(), Align::Centre),
            (row.code.clone(), Align::Centre),
        ];
        cells.extend(row.cells.iter().map(|cell| (cell.text(), Align::Right)));
        cells.resize(self.widths.len(), (String::new(), Align::Left));
        self.cells(&cells, if is_heading { STRONG } else { SMALL });
    }

    /// A row of the table as high as its highest cell; on the next page, under the names again, when this one is full.
    fn cells(&mut self, cells: &[(String, Align)], letters: Letters) {
        let lines: Vec<Vec<String>> =
            cells.iter().zip(&self.widths).map(|((text, _), width)| letters.lines(text, width - 2.0 * GAP)).collect();
        #[expect(clippy::cast_precision_loss, reason = "a cell has few lines")]
        let most = lines.iter().map(Vec::len).max().unwrap_or_default().max(1) as f32;
        let height = most * letters.step() + 2.0 * GAP;
        if self.y + height > BOTTOM {
            self.turn();
            self.table_head();
        }
        let mut x = MARGIN;
        for ((lines, (_, align)), width) in lines.iter().zip(cells).zip(self.widths.clone()) {
            self.pen.line((x, self.y), (0.5, height));
            let at = match align {
                Align::Left => x + GAP,
                Align::Centre => x + width / 2.0,
                Align::Right => x + width - GAP,
            };
            let mut y = self.y + GAP + letters.size;
            for line in lines {
                self.pen.write((at, y), *align, letters, line);
                y += letters.step();
            }
            x += width;
        }
        self.pen.line((x, self.y), (0.5, height));
        self.y += height;
        self.pen.line((MARGIN, self.y), (WIDTH - 2.0 * MARGIN, 0.5));
    }

    fn turn(&mut self) {
        self.pen.turn();
        self.y = MARGIN;
    }

    /// Starts a page when so much does not fit on this one.
    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.turn();
        }
    }

    /// A paragraph over the whole width.
    fn paragraph(&mut self, letters: Letters, text: &str) {
        for line in letters.lines(text, WIDTH - 2.0 * MARGIN) {
            self.need(letters.step());
            self.y += letters.step();
            self.pen.write((MARGIN, self.y), Align::Left, letters, &line);
        }
    }

    fn explanations(&mut self) {
        let document = self.document;
        if document.explained.is_empty() {
            return;
        }
        self.y += 8.0;
        self.paragraph(Letters::bold(9.5), "Giải trình số liệu");
        let told = |number: Option<i64>| number.map_or_else(|| "không có".to_owned(), |number| number.to_string());
        for explained in &document.explained {
            let figure = &explained.figure;
            let why = figure.explanation.as_deref().unwrap_or_default();
            let text = format!(
                "- {}: báo cáo {}, theo hồ sơ {}, năm trước {}. {why}",
                explained.what,
                told(figure.reported),
                told(figure.computed),
                told(figure.previous),
            );
            self.paragraph(SMALL, &text);
        }
    }

    fn signatures(&mut self) {
        let document = self.document;
        self.need(110.0);
        self.y += 10.0;
        let (left, right, top) = (MARGIN + 140.0, WIDTH - MARGIN - 180.0, self.y);
        self.y += Letters::plain(9.5).step();
        self.centred(left, Letters::bold(9.5), "NGƯỜI LẬP BIỂU");
        self.centred(left, Letters::plain(9.0), "(Ký, họ tên)");
        self.y = top;
        self.centred(right, Letters::plain(9.5), &document.signed);
        self.wrapped((right, HALF), Letters::bold(9.5), &document.signer);
        self.centred(right, Letters::plain(9.0), "(Ký, đóng dấu)");
        self.y += 50.0;
    }

    fn notes(&mut self) {
        for note in &self.document.notes {
            self.paragraph(Letters::plain(7.5), note);
        }
    }
}
