//! A pen for pages: it measures and breaks text, and starts a page where one is full.

use std::sync::LazyLock;

use gdtx_service::{Error, Result};
use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule},
    surface::Surface,
    text::{Font, TextDirection},
};
use rustybuzz::Face;

const PLAIN: &[u8] = include_bytes!("../../../../assets/fonts/DejaVuSerifCondensed.ttf");
const BOLD: &[u8] = include_bytes!("../../../../assets/fonts/DejaVuSerifCondensed-Bold.ttf");

/// A4 on its side, in points.
pub const WIDTH: f32 = 841.89;
pub const HEIGHT: f32 = 595.28;

/// A weight of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Plain,
    Bold,
}

/// Where a text stands to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// Letters of a size.
#[derive(Clone, Copy, Debug)]
pub struct Letters {
    pub weight: Weight,
    pub size: f32,
}

impl Letters {
    pub const fn plain(size: f32) -> Self {
        Self { weight: Weight::Plain, size }
    }

    pub const fn bold(size: f32) -> Self {
        Self { weight: Weight::Bold, size }
    }

    /// How far lines stand apart.
    pub fn step(self) -> f32 {
        self.size * 1.3
    }

    /// How wide a text is.
    pub fn width(self, text: &str) -> f32 {
        static FACES: LazyLock<[Option<Face<'static>>; 2]> =
            LazyLock::new(|| [PLAIN, BOLD].map(|data| Face::from_slice(data, 0)));
        let Some(face) = &FACES[usize::from(self.weight == Weight::Bold)] else { return 0.0 };
        let advance = |letter| face.glyph_hor_advance(face.glyph_index(letter)?);
        let units: u32 = text.chars().filter_map(advance).map(u32::from).sum();
        #[expect(clippy::cast_precision_loss, reason = "a line of text is short, and an em a few thousand units")]
        let ems = units as f32 / face.units_per_em().max(1) as f32;
        ems * self.size
    }

    /// The lines of a text in a width; a word that is wider stands alone.
    pub fn lines(self, text: &str, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}")) <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

/// A mark on a page.
enum Stroke {
    Text(Point, Letters, String),
    Line(Rect),
}

/// Draws on pages, from the top down.
#[derive(Default)]
pub struct Pen {
    pages: Vec<Vec<Stroke>>,
}

impl Pen {
    /// Starts a page.
    pub fn turn(&mut self) {
        self.pages.push(Vec::new());
    }

    /// Writes a line of text at a place; `y` is the line that letters stand on.
    pub fn write(&mut self, (x, y): (f32, f32), align: Align, letters: Letters, text: &str) {
        let width = letters.width(text);
        let left = match align {
            Align::Left => x,
            Align::Centre => x - width / 2.0,
            Align::Right => x - width,
        };
        self.mark(Stroke::Text(Point::from_xy(left, y), letters, text.to_owned()));
    }

    /// Draws a thin line across or down.
    pub fn line(&mut self, (x, y): (f32, f32), (width, height): (f32, f32)) {
        if let Some(rect) = Rect::from_xywh(x, y, width.max(0.5), height.max(0.5)) {
            self.mark(Stroke::Line(rect));
        }
    }

    fn mark(&mut self, stroke: Stroke) {
        if let Some(page) = self.pages.last_mut() {
            page.push(stroke);
        }
    }

    /// The pages as a file; `mark` is written large and pale on each.
    pub fn finish(self, metadata: Metadata, mark: Option<&str>) -> Result<Vec<u8>> {
        let font = |data: &'static [u8]| Font::new(data.into(), 0).ok_or_else(|| Error::internal("no font"));
        let fonts = [font(PLAIN)?, font(BOLD)?];
        let mut document = Document::new();
        document.set_metadata(metadata);
        let count = self.pages.len();
        for (at, strokes) in self.pages.into_iter().enumerate() {
            let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Error::internal("no page"))?;
            let mut page = document.start_page_with(size);
            let mut surface = page.surface();
            if let Some(text) = mark {
                let letters = Letters::bold(110.0);
                let place = Point::from_xy((WIDTH - letters.width(text)) / 2.0, HEIGHT / 2.0 + 40.0);
                surface.set_fill(Some(fill(225)));
                put(&mut surface, &fonts, place, letters, text);
            }
            surface.set_fill(Some(fill(0)));
            for stroke in strokes {
                match stroke {
                    Stroke::Text(place, letters, text) => put(&mut surface, &fonts, place, letters, &text),
                    Stroke::Line(rect) => draw(&mut surface, rect),
                }
            }
            let below = format!("Trang {}/{count}", at + 1);
            put(&mut surface, &fonts, Point::from_xy(WIDTH - 90.0, HEIGHT - 20.0), Letters::plain(8.0), &below);
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|error| Error::internal(format!("{error:?}")))
    }
}

fn fill(grey: u8) -> Fill {
    Fill { paint: rgb::Color::new(grey, grey, grey).into(), opacity: NormalizedF32::ONE, rule: FillRule::default() }
}

fn put(surface: &mut Surface<'_>, fonts: &[Font; 2], place: Point, letters: Letters, text: &str) {
    let font = fonts[usize::from(letters.weight == Weight::Bold)].clone();
    surface.draw_text(place, font, letters.size, text, false, TextDirection::LeftToRight);
}

fn draw(surface: &mut Surface<'_>, rect: Rect) {
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}
