@waitwhile
Feature: Waitwhile: dates, names and optional fields

  @rule:local-dates @must
  Rule: A date without a zone is the local time of the location
    Why: A receiver that reads a local date as UTC tells the guest a wrong hour, and in the night a
    wrong day.
    Documented: `date` is the local time of the location and has no zone.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples

    Scenario Outline: a booking in <zone> <when> has the local date
      Given a Waitwhile account
        | setting   | value  |
        | time_zone | <zone> |
      When Ama books a slot in <ahead>
      Then every webhook is accepted
      And the receiver has Ama's visit as the vendor has it

      Examples:
        | zone             | when                       | ahead    |
        | Europe/Berlin    | before the clocks change   | 25 days  |
        | Europe/Berlin    | after the clocks change    | 26 days  |
        | America/New_York | before the clocks change   | 4 days   |
        | America/New_York | after the clocks change    | 6 days   |
        | Asia/Kolkata     | half an hour off           | 3 hours  |
        | Pacific/Auckland | where tomorrow has begun   | 12 hours |

    Scenario: a booking that is rescheduled across a clock change has its new date
      Given a Waitwhile account
        | setting   | value         |
        | time_zone | Europe/Berlin |
      When Bettany books a slot in 25 days
      And Bettany reschedules to a slot in 27 days
      Then every webhook is accepted
      And the receiver has Bettany's visit as the vendor has it

  @rule:text @must
  Rule: Names and texts are stored unchanged
    Why: A name that is shown as question marks is an insult.
    Documented: names and notes are strings.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: bodies are UTF-8, as JSON is.

    Scenario Outline: the name "<name>" is stored unchanged
      Given a Waitwhile account
      When "<name>" joins the waitlist
      And staff serve "<name>"
      Then every webhook is accepted
      And the receiver has "<name>"'s visit with:
        | field | value   |
        | state | SERVING |
        | name  | <name>  |

      Examples:
        | name            |
        | Åsa Öberg       |
        | محمد الحربي     |
        | 李 静           |
        | नेहा शर्मा        |
        | Siobhán O'Neill |

    Scenario: a corrected name replaces the old one
      Given a Waitwhile account
      When Carolien joins the waitlist
      And staff correct the name of Carolien to "Caroline van \"Ko\" & Zoon <3"
      Then every webhook is accepted
      And the receiver has Carolien's visit as the vendor has it

  @rule:optional-fields @must
  Rule: An optional field may be absent or null
    Why: A receiver that breaks on a field that is null or absent fails guests who did nothing
    wrong.
    Documented: names, notes, resourceIds, dataFields and position may be null; a waitlist visit has
    no date, and a booking has no position.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples

    Scenario Outline: a visit whose <field> is null is accepted
      Given a Waitwhile account
      And the next visit.created arrives with field "data.<field>" as null
      When Doris joins the waitlist
      Then every webhook is accepted
      And the receiver has Doris's visit as "WAITING"

      Examples:
        | field              |
        | notes              |
        | externalCustomerId |
        | resourceIds        |
        | serviceIds         |
        | dataFields         |
        | position           |

    Scenario: a visit with a locale is accepted like one without
      Given a Waitwhile account
      And the next visit.created arrives with field "data.locale" as "sr-Latn-RS"
      When Eunike joins the waitlist
      And the next visit.created arrives with field "data.locale" as 17
      And Fidelis joins the waitlist
      Then no answer is a server error
      And the receiver has Eunike's visit as "WAITING"

    Scenario Outline: a visit without <field> is accepted
      Given a Waitwhile account on profile "2022"
      And the next visit.created arrives without field "data.<field>"
      When Gottlieb joins the waitlist
      Then every webhook is accepted
      And the receiver has Gottlieb's visit as "WAITING"

      Examples:
        | field           |
        | estWaitDuration |
        | phone           |
        | notes           |
        | resources       |
        | ngrams          |
        | remoteIp        |

  @rule:new-fields @should
  Rule: A field that was added breaks nothing
    Why: The vendor changes its payloads without a version. A receiver that breaks on a new field is
    down on the day that it comes.
    Documented: the examples have lost fields over the years.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: fields may be added, too.

    Scenario Outline: a visit with the new field <path> as <value> is accepted
      Given a Waitwhile account
      And the next visit.created arrives with field "<path>" as <value>
      When Hortense joins the waitlist
      Then every webhook is accepted
      And the receiver has Hortense's visit as "WAITING"

      Examples:
        | path              | value            |
        | apiVersion        | "2031-01"        |
        | delivery          | {"attempt": 1}   |
        | data.loyaltyTier  | "gold"           |
        | data.queue        | {"lane": [1, 2]} |
        | data.serveDuration | null            |

  @rule:unknown-values @should
  Rule: A trigger or a status that is new breaks nothing
    Why: A receiver that breaks on a new trigger, tag or state is down on the day that it comes. It
    may refuse or ignore it, or believe what it says.
    Documented: a visit has a state and tags.
    Source: https://developers.waitwhile.com/reference/visits-1
    Not documented: all tags, and what the next version adds.
    Assumed: a receiver may refuse or ignore what it does not understand, but says so clearly and
    invents nothing.

    Scenario: an unknown tag does not change the state
      Given a Waitwhile account
      When Ignace joins the waitlist
      And the next visit.updated of Ignace arrives with field "after.tags" as ["VIP", "10% off"]
      And staff flag Ignace
      Then every webhook is accepted
      And the receiver still has Ignace's visit as "WAITING"

    Scenario: a creation with an unknown trigger is accepted or refused, and the change after it is accepted
      Given a Waitwhile account
      And the next visit.created arrives with trigger "visit.teleported"
      When Jadranka joins the waitlist
      Then the visit.created of Jadranka is accepted or refused
      And no answer is a server error
      When staff serve Jadranka
      Then the visit.updated of Jadranka is accepted
      And the receiver has Jadranka's visit as the vendor has it

    Scenario: a change with an unknown trigger is accepted or refused, and the one after it is accepted
      Given a Waitwhile account
      When Kaarina requests a slot in 4 hours
      And the next visit.updated of Kaarina arrives with trigger "visit.rejected"
      And staff reject Kaarina
      Then the visit.updated of Kaarina is accepted or refused
      And no answer is a server error
      When staff restore Kaarina to the waitlist
      Then the receiver has Kaarina's visit as the vendor has it

    Scenario: an unknown trigger removes no visit
      Given a Waitwhile account
      When Ludmila books a slot in 4 hours
      And the next visit.removed arrives with trigger "visit.archived"
      And the visit of Ludmila is deleted
      Then no answer is a server error
      And the receiver still has Ludmila's visit as "BOOKED"

    Scenario: an unknown state is accepted or refused, and the change after it is accepted
      Given a Waitwhile account
      When Manfred requests a slot in 4 hours
      And the next visit.updated of Manfred arrives with field "after.state" as "PARKED"
      And staff reject Manfred
      Then the visit.updated of Manfred is accepted or refused
      And no answer is a server error
      When staff restore Manfred to the waitlist
      Then the receiver has Manfred's visit as the vendor has it

  @rule:needed-fields @must
  Rule: A webhook without what identifies its subject changes nothing and breaks nothing
    Why: A receiver cannot work without the visit and its id. If it guesses them, it changes the
    wrong guest.
    Documented: each body has the whole visit with its id.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Inferred: a webhook without them cannot be about any visit.

    Scenario Outline: a creation that <damage> leaves no visit
      Given a Waitwhile account
      And every webhook <damage>
      When Nepomuk books a slot in 2 hours
      Then the visit.created of Nepomuk is accepted or refused
      And no answer is a server error
      And the receiver does not know Nepomuk's visit

      Examples:
        | damage                               |
        | arrives without field "data"         |
        | arrives without field "data.id"      |
        | arrives with field "data.id" as null |
        | arrives with field "data" as []      |

    Scenario Outline: a change that <damage> changes nothing
      Given a Waitwhile account
      When Oktavia requests a slot in 2 hours
      And the effects on Oktavia are noted
      And the next visit.updated of Oktavia <damage>
      And staff reject Oktavia
      Then the visit.updated of Oktavia is accepted or refused
      And no answer is a server error
      And the effects on Oktavia are unchanged
      And the receiver still has Oktavia's visit as "DRAFT"

      Examples:
        | damage                                |
        | arrives without field "after"         |
        | arrives without field "after.id"      |
        | arrives with field "after" as null    |
        | arrives with field "after.id" as null |

  @rule:needed-fields-refused @should
  Rule: A webhook without what identifies its subject is refused
    Why: A clear 4xx tells the sender what is missing. A 200 says that the webhook arrived, and nobody
    learns that it is lost.
    Documented: each body has the whole visit with its id.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Not documented: how to answer a webhook without it.
    Assumed: a receiver may also keep a body in a queue and acknowledge it before it is read.

    Scenario Outline: a creation that <damage> is refused
      Given a Waitwhile account
      And every webhook <damage>
      When Sidonie books a slot in 2 hours
      Then the visit.created of Sidonie is refused

      Examples:
        | damage                               |
        | arrives without field "data"         |
        | arrives without field "data.id"      |
        | arrives with field "data.id" as null |
        | arrives with field "data" as []      |

    Scenario Outline: a change that <damage> is refused
      Given a Waitwhile account
      When Thekla requests a slot in 2 hours
      And the next visit.updated of Thekla <damage>
      And staff reject Thekla
      Then the visit.updated of Thekla is refused

      Examples:
        | damage                                |
        | arrives without field "after"         |
        | arrives without field "after.id"      |
        | arrives with field "after" as null    |
        | arrives with field "after.id" as null |

  @rule:broken-fields @should
  Rule: A field that breaks the model breaks nothing else
    Why: A receiver may refuse or ignore what it does not understand. It must say so clearly and
    must not invent missing values.
    Documented: the fields of a visit and their types.
    Source: https://developers.waitwhile.com/reference/visits-1
    Assumed: the vendor may break its own model in any other field than the id.

    Scenario Outline: a change that <damage> is accepted or refused and sets no invented state
      Given a Waitwhile account
      When Perpetuo requests a slot in 2 hours
      And the next visit.updated of Perpetuo <damage>
      And staff reject Perpetuo
      Then the visit.updated of Perpetuo is accepted or refused
      And no answer is a server error
      And the receiver still has Perpetuo's visit as "DRAFT"

      Examples:
        | damage                                   |
        | arrives without field "after.state"      |
        | arrives with field "after.state" as null |
        | arrives with field "after.state" as 3    |

    Scenario Outline: a change that <damage> is accepted or refused, and the one after it is accepted
      Given a Waitwhile account
      When Radegund joins the waitlist
      And the next visit.updated of Radegund <damage>
      And staff flag Radegund
      Then the visit.updated of Radegund is accepted or refused
      And no answer is a server error
      When staff serve Radegund
      Then the visit.updated of Radegund is accepted
      And the receiver has Radegund's visit as the vendor has it

      Examples:
        | damage                                         |
        | arrives without field "before"                 |
        | arrives with field "before" as null            |
        | arrives without field "type"                   |
        | arrives without field "id"                     |
        | arrives without field "created"                |
        | arrives with field "created" as "yesterday"    |
        | arrives without field "after.updated"          |
        | arrives with field "after.partySize" as "two"  |
        | arrives with field "after.position" as "first" |
        | arrives with field "after.tags" as null        |
        | arrives with field "after.tags" as "FLAGGED"   |
        | arrives with field "after.date" as "soon"      |
