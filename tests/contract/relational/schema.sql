CREATE TABLE seen (webhook BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE token (token TEXT PRIMARY KEY, client TEXT NOT NULL);
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    rank INTEGER NOT NULL, word TEXT NOT NULL, title TEXT NOT NULL, starts TEXT NOT NULL, deleted INTEGER NOT NULL,
    changed TEXT NOT NULL, body BLOB NOT NULL, -- which webhook it is from
    letters INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE booking (
    id INTEGER PRIMARY KEY,
    rank INTEGER NOT NULL, word TEXT NOT NULL, status TEXT NOT NULL, paid INTEGER NOT NULL,
    first TEXT, last TEXT, email TEXT, cents INTEGER, off INTEGER, customer TEXT, event INTEGER,
    body BLOB NOT NULL,
    letters INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE attendee (id INTEGER PRIMARY KEY, word TEXT NOT NULL, first TEXT);
CREATE TABLE ticket (
    id INTEGER PRIMARY KEY, attendee INTEGER NOT NULL,
    word TEXT NOT NULL, rank INTEGER NOT NULL, entries INTEGER NOT NULL
);
CREATE TABLE position (
    id TEXT PRIMARY KEY,
    rank INTEGER NOT NULL,        -- 0 to 3 on the way, 4 over
    word TEXT NOT NULL,
    label TEXT, queue TEXT, locale TEXT, people INTEGER, guest TEXT,
    starts INTEGER, ends INTEGER, -- milliseconds since 1970
    retries INTEGER NOT NULL, called INTEGER NOT NULL,
    rating INTEGER, review TEXT,
    texts INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE visit (
    id TEXT PRIMARY KEY,
    changed INTEGER NOT NULL, envelope TEXT NOT NULL, -- which webhook it is from
    state TEXT NOT NULL, name TEXT, party INTEGER NOT NULL, place INTEGER, estimate INTEGER, waited INTEGER,
    ticket TEXT, day TEXT, lasts INTEGER,
    calls INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE deleted_visit (id TEXT PRIMARY KEY);
CREATE TABLE tag (visit TEXT NOT NULL, tag TEXT NOT NULL);
CREATE TABLE message (
    id TEXT PRIMARY KEY, changed INTEGER NOT NULL, envelope TEXT NOT NULL,
    state TEXT NOT NULL, channel TEXT NOT NULL
);
CREATE TABLE location (
    id TEXT PRIMARY KEY, changed INTEGER NOT NULL, envelope TEXT NOT NULL,
    waiting INTEGER, serving INTEGER, closed INTEGER
);
