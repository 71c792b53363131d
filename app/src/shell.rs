//! The HTML document around the app: head, styles and the scripts that hydrate it.

use leptos::attr::custom::CustomAttribute;
use leptos::config::LeptosOptions;
use leptos::html::meta;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::App;
use crate::context::Theme;
use crate::i18n::{Locale, td_string};
use crate::platform;
use crate::words::degrees::Degrees;

/// The page's background, light and dark: what the browser's own bars are painted in. Equals `--bg` in
/// `style/tokens.css`.
const BACKGROUND: [(&str, &str); 2] = [("light", "#f6f4f0"), ("dark", "#121614")];

/// Where the files of this edition are, for pages that name one.
#[derive(Clone)]
pub struct Files(String);

impl Files {
    /// The address of a file of the page being rendered.
    pub fn address(name: &str) -> String {
        let files = use_context::<Self>().map(|files| files.0).unwrap_or_default();
        format!("{files}/{name}")
    }
}

/// Renders the document for one request.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let page = platform::page();
    // Where the files of this edition are: the built script lies in a folder there.
    let files = match options.site_pkg_dir.strip_suffix("/pkg") {
        Some(edition) => format!("/{edition}"),
        None => String::new(),
    };
    provide_context(Files(files.clone()));
    let manifest = match page.locale {
        Locale::ko => "/manifest.webmanifest",
        Locale::en => "/manifest.en.webmanifest",
    };
    let theme = (page.theme != Theme::Auto).then(|| page.theme.as_str());
    let bars = BACKGROUND
        .into_iter()
        .filter(|(name, _)| theme.is_none_or(|theme| theme == *name))
        .map(|(name, colour)| {
            let media = theme.is_none().then(|| format!("(prefers-color-scheme: {name})"));
            meta().name("theme-color").content(colour).attr("media", media)
        });
    view! {
        <!DOCTYPE html>
        <html
            lang=page.locale.to_string()
            data-theme=theme
            data-degrees=(page.degrees != Degrees::Celsius).then(|| page.degrees.as_str())
            data-viewer=page.viewer
            data-now=page.served_at.to_string()
            data-files=files.clone()
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="description" content=td_string!(page.locale, site.description) />
                {bars.collect_view()}
                <HashedStylesheet options=options.clone() id="leptos" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icon-180.png" />
                <link rel="manifest" href=manifest />
                <script type="module" src=format!("{files}/installed.js")></script>
                <AutoReload options=options.clone() />
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
