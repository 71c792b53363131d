//! The description of the API as its page shows it to people.

use app::api::operations::{Answer, Operation, Parameter};
use utoipa::openapi::path::Operation as Described;
use utoipa::openapi::{RefOr, Required};

use super::openapi::description;

/// Where the routes of the description are.
const BASE: &str = "/api/v1";

/// Every operation, in the order of its paths.
pub fn operations() -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in description().paths.paths {
        let of = |method: &'static str, described: Option<Described>| described.map(|described| (method, described));
        let each = [
            of("GET", item.get),
            of("POST", item.post),
            of("PATCH", item.patch),
            of("PUT", item.put),
            of("DELETE", item.delete),
        ];
        for (method, described) in each.into_iter().flatten() {
            found.push(operation(method, &format!("{BASE}{path}"), described));
        }
    }
    found
}

fn operation(method: &'static str, path: &str, described: Described) -> Operation {
    let parameters = described.parameters.unwrap_or_default().into_iter();
    let parameters = parameters.filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    });
    let parameters = parameters.map(|parameter| Parameter {
        name: parameter.name,
        required: parameter.required == Required::True,
        text: parameter.description.unwrap_or_default(),
    });
    let answers = described
        .responses
        .responses
        .into_iter()
        .map(|(status, answer)| Answer {
            status,
            text: match answer {
                RefOr::T(answer) => answer.description,
                RefOr::Ref(_) => String::new(),
            },
        });
    Operation {
        method,
        path: path.to_owned(),
        title: described.summary.unwrap_or_default(),
        text: described.description.unwrap_or_default(),
        parameters: parameters.collect(),
        answers: answers.collect(),
    }
}
