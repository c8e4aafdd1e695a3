//! A receiver that stores parcels.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value as Json;

/// What has arrived: each body, in order.
pub type Arrived = Arc<Mutex<Vec<Json>>>;

/// Starts it on a free port. It ends with the process.
pub fn start() -> (String, Arrived) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let arrived = Arrived::default();
    let kept = Arc::clone(&arrived);
    std::thread::spawn(move || {
        let mut parcels = BTreeMap::new();
        for stream in listener.incoming() {
            // A connection that is closed at once only checks that the port is open.
            let _ = answer(stream.expect("a connection"), &mut parcels, &kept);
        }
    });
    (url, arrived)
}

fn answer(
    mut stream: TcpStream,
    parcels: &mut BTreeMap<String, Json>,
    arrived: &Arrived,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    if reader.read_line(&mut request)? == 0 {
        return Ok(());
    }
    let (mut length, mut line) = (0, String::new());
    while reader.read_line(&mut line)? > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (status, text) = match request.strip_prefix("GET /parcels/") {
        Some(rest) => {
            let id = rest.split(' ').next().unwrap_or_default();
            let found = parcels.get(id);
            found.map_or(("404 Not Found", String::new()), |parcel| ("200 OK", parcel.to_string()))
        }
        None => {
            let json: Json = serde_json::from_slice(&body).unwrap_or_default();
            let id = json["parcel"]["id"].as_str().unwrap_or_default().to_owned();
            parcels.insert(id, json["parcel"].clone());
            arrived.lock().expect("nobody panicked").push(json);
            ("200 OK", String::new())
        }
    };
    let length = text.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}"
    )
}
