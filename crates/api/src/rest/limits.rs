//! Writes the rules of fields into the schemas of the document: the rules that the use cases check.

use gdtx_domain::{
    Rule, Ruled,
    rule::{Form, at},
};
use utoipa::{
    ToSchema,
    openapi::{
        Components, Object, RefOr, Schema, SchemaFormat,
        schema::{ArrayItems, SchemaType, Type},
    },
};

/// Which way a shape goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Sent whole: what is required must be there.
    New,
    /// Sent in part: what is there must fit.
    Change,
    /// Shown in answers: lengths and ranges only.
    Shown,
}

/// Writes the rules of a shape into its own schema.
pub fn own<T: ToSchema + Ruled>(components: &mut Components, way: Way) {
    write(components, &T::name(), T::RULES, way);
}

/// Writes rules into a schema by its name.
pub fn write(components: &mut Components, name: &str, rules: &[(&str, Rule)], way: Way) {
    let Some(RefOr::T(Schema::Object(shape))) = components.schemas.get_mut(name) else { return };
    for (field, rule) in rules {
        let pointer = at("", field);
        let property = pointer.trim_start_matches('/');
        if way == Way::New && rule.required && !shape.required.iter().any(|r| r == property) {
            shape.required.push(property.to_owned());
        }
        if let Some(schema) = shape.properties.get_mut(property) {
            limit(schema, *rule, way);
        }
    }
}

fn limit(schema: &mut RefOr<Schema>, rule: Rule, way: Way) {
    if let (RefOr::Ref(named), Form::Number { .. }) = (&*schema, rule.form) {
        *schema = RefOr::T(Schema::Object(decimal(named.description.clone(), SchemaType::new(Type::Number))));
    }
    let RefOr::T(inner) = schema else { return };
    match inner {
        Schema::Object(object) => on_value(object, rule, way),
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                limit(items, Rule { required: true, ..rule }, way);
            }
        }
        Schema::OneOf(one) => {
            let named = one.items.iter().find_map(|item| match item {
                RefOr::Ref(named) => Some(named.clone()),
                RefOr::T(_) => None,
            });
            let Some(named) = named else { return };
            if let Form::Number { .. } = rule.form {
                let mut number = decimal(named.description, SchemaType::Array(vec![Type::Number, Type::Null]));
                on_value(&mut number, rule, way);
                *inner = Schema::Object(number);
            } else if rule.required && way != Way::Shown {
                *schema = RefOr::Ref(named);
            }
        }
        _ => {}
    }
}

/// A decimal, written out: a reference takes no limits of its own.
fn decimal(description: String, of: SchemaType) -> Object {
    let mut number = Object::with_type(of);
    number.description = Some(description);
    number
}

fn on_value(object: &mut Object, rule: Rule, way: Way) {
    if let Form::Number { min, max } = rule.form {
        object.minimum = Some(whole(min));
        object.maximum = Some(whole(max));
    }
    let is_text = !matches!(rule.form, Form::Any | Form::Number { .. });
    if is_text {
        object.max_length = Some(rule.max);
    }
    let (must, given) = (rule.required || is_required(object), way != Way::Shown);
    if rule.required && given {
        not_null(object);
    }
    if is_text && given && must {
        object.min_length = Some(1);
    }
    if given {
        object.pattern = rule.pattern(must);
        // A blank text counts as absent where nothing is required, and is no e-mail address.
        if rule.form == Form::Email && must {
            object.format = Some(SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Email));
        }
    }
}

/// Whether null is no value: a plain text in a new record or in a list.
fn is_required(object: &Object) -> bool {
    matches!(object.schema_type, SchemaType::Type(_))
}

fn not_null(object: &mut Object) {
    if let SchemaType::Array(types) = &object.schema_type
        && let Some(only) = types.iter().find(|t| **t != Type::Null).cloned()
    {
        object.schema_type = SchemaType::Type(only);
    }
}

fn whole(number: i64) -> utoipa::Number {
    isize::try_from(number).map_or(utoipa::Number::Int(isize::MAX), utoipa::Number::Int)
}
