@waitwhile
Feature: Waitwhile: the lifecycle of a visit on the waitlist

  @rule:lifecycle @must
  Rule: A subject is followed from its beginning to its end
    Why: A visit is one guest's place in a line. These are the stories of a normal day. A receiver
    that fails here sends the wrong guest home.
    Documented: the states WAITING, SERVING and COMPLETE; cancelled and no-show are tags of a
    completed visit.
    Source: https://developers.waitwhile.com/docs/visit-states-and-tags
    Documented: which fields serving changes; there is one visit.created for each visit.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: each of these changes fires visit.updated; the visit's own webhook comes before those
    of the guests behind; a move to another location completes the visit and creates a new one.

    Scenario: a guest is followed from joining to completion
      Given a Waitwhile account
      When Anna joins the waitlist with a party of 2
      And 7 minutes pass
      And staff serve Anna
      And 12 minutes pass
      And staff complete Anna
      Then every webhook is accepted
      And the receiver has Anna's visit as "COMPLETE"
      And the receiver has Anna's visit as the vendor has it

    Scenario: a guest who joins waits, with a party and a place in the line
      Given a Waitwhile account
      When Babajide joins the waitlist with a party of 4
      Then every webhook is accepted
      And the receiver has Babajide's visit with:
        | field     | value   |
        | state     | WAITING |
        | partySize | 4       |
        | position  | 1       |

    Scenario: a guest who is served has a waiting time and no estimate
      Given a Waitwhile account
      When Chiara joins the waitlist
      And 10 minutes pass
      And staff serve Chiara
      Then every webhook is accepted
      And the receiver has Chiara's visit with:
        | field           | value   |
        | state           | SERVING |
        | position        | 1       |
        | estWaitDuration | null    |
      And the receiver has Chiara's visit as the vendor has it

    Scenario: a guest whom staff add is served like any other
      Given a Waitwhile account
      When staff add Demir to the waitlist
      And staff serve Demir
      And staff complete Demir
      Then every webhook is accepted
      And the receiver has Demir's visit as the vendor has it

    Scenario: a guest who was only counted in is being served at once
      Given a Waitwhile account
      When staff count in Eskil
      Then the receiver has Eskil's visit as "SERVING"
      When staff complete Eskil
      Then every webhook is accepted
      And the receiver has Eskil's visit as "COMPLETE"

    Scenario: a guest who cancels completes the visit
      Given a Waitwhile account
      When Fumiko joins the waitlist
      And Fumiko cancels
      Then every webhook is accepted
      And the receiver has Fumiko's visit with:
        | field    | value         |
        | state    | COMPLETE      |
        | tags     | ["CANCELLED"] |
        | position | null          |

    Scenario: a guest whom staff prioritize is tagged and still waits
      Given a Waitwhile account
      When Walburga joins the waitlist
      And staff prioritize Walburga
      Then the visit.updated of Walburga is accepted
      And the receiver has Walburga's visit with:
        | field | value           |
        | state | WAITING         |
        | tags  | ["PRIORITIZED"] |

    Scenario Outline: a guest who does not show up is tagged <tag>
      Given a Waitwhile account
        | setting     | value |
        | no_show_tag | <tag> |
      When Gerd joins the waitlist
      And 15 minutes pass
      And Gerd does not show up
      Then every webhook is accepted
      And the receiver has Gerd's visit with:
        | field | value     |
        | state | COMPLETE  |
        | tags  | ["<tag>"] |

      Examples:
        | tag     |
        | NOSHOW  |
        | NO-SHOW |

    Scenario: a guest whom staff take off the waitlist is complete and not deleted
      Given a Waitwhile account
      When Hina joins the waitlist
      And staff remove Hina from the waitlist
      Then every webhook is accepted
      And the receiver still has Hina's visit as "COMPLETE"
      And the receiver has Hina's visit as the vendor has it

    Scenario: a visit that waits too long expires by itself
      Given a Waitwhile account
        | setting       | value |
        | expires_after | 2h    |
      When Ivo joins the waitlist
      And 3 hours pass
      Then every webhook is accepted
      And the receiver has Ivo's visit with:
        | field | value       |
        | state | COMPLETE    |
        | tags  | ["EXPIRED"] |

    Scenario: a served guest is completed by itself after the configured time
      Given a Waitwhile account
        | setting       | value |
        | auto_complete | 20m   |
      When Jytte joins the waitlist
      And staff serve Jytte
      And 21 minutes pass
      Then every webhook is accepted
      And the receiver has Jytte's visit as "COMPLETE"

    Scenario: a visit whose party grows is still one visit
      Given a Waitwhile account
      When Kwame joins the waitlist with a party of 2
      And Kwame changes the party to 5
      Then every webhook is accepted
      And the receiver has Kwame's visit with:
        | field     | value   |
        | state     | WAITING |
        | partySize | 5       |

    Scenario Outline: what <who> tells staff becomes a tag and does not change the state
      Given a Waitwhile account
      When <who> joins the waitlist
      And <tells>
      Then every webhook is accepted
      And the receiver has <who>'s visit with:
        | field | value     |
        | state | WAITING   |
        | tags  | ["<tag>"] |

      Examples:
        | who     | tells                    | tag       |
        | Laila   | Laila arrives            | ARRIVED   |
        | Malachi | Malachi confirms to come | CONFIRMED |
        | Noémie  | Noémie runs late         | DELAYED   |
        | Orla    | staff flag Orla          | FLAGGED   |

    Scenario: a guest who comes back later has a new visit
      Given a Waitwhile account
      When Piotr joins the waitlist
      And staff serve Piotr
      And staff complete Piotr
      And 3 hours pass
      And Piotr comes back as "Piotr again"
      Then every webhook is accepted
      And the receiver has Piotr's visit as "COMPLETE"
      And the receiver has "Piotr again"'s visit as "WAITING"

    Scenario: a guest who is sent to another location waits there with a new visit
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      When Quirin joins the waitlist at Downtown
      And staff transfer Quirin to Uptown as "Quirin at Uptown"
      Then every webhook is accepted
      And the receiver has Quirin's visit as "COMPLETE"
      And the receiver has "Quirin at Uptown"'s visit as "WAITING"

    Scenario: two guests of one line are kept apart
      Given a Waitwhile account
      When Ragnhild joins the waitlist
      And Samir joins the waitlist
      And staff serve Samir
      And Ragnhild cancels
      Then every webhook is accepted
      And the receiver has Samir's visit as "SERVING"
      And the receiver has Ragnhild's visit as "COMPLETE"
