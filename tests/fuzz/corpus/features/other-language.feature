# language: de
Funktionalität: a
  Szenario: b
    Angenommen an ombori account
