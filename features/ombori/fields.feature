@ombori
Feature: Ombori: unknown triggers and unexpected fields

  @rule:unknown-values @should
  Rule: A trigger or a status that is new breaks nothing
    Why: The vendor has added triggers before, and a payload has no version. A receiver that breaks
    on a new one is down on the day that it comes. It may refuse or ignore it, or believe what it
    says.
    Documented: a trigger was added on 17-02-2021.
    Source: https://ombori.atlassian.net/wiki/pages/diffpages.action?originalId=509083650&pageId=511115270
    Not documented: what the next version adds.

    Scenario: a creation with an unknown trigger is accepted or refused, and the call after it is accepted
      Given an Ombori account
      And the next webhook arrives with trigger "positionTeleported"
      When Aleksi takes a walk-in ticket
      Then the positionCreated of Aleksi is accepted or refused
      And no answer is a server error
      When staff call Aleksi
      Then the positionCalled of Aleksi is accepted
      And the receiver has Aleksi's position as the vendor has it

    Scenario: a call with an unknown trigger is accepted or refused, and the webhook after it is accepted
      Given an Ombori account
      And the next positionCalled arrives with trigger "positionTransferred"
      When Birgit takes a walk-in ticket
      And staff call Birgit
      Then the positionCalled of Birgit is accepted or refused
      And no answer is a server error
      When staff check in Birgit
      Then the positionFulfilled of Birgit is accepted
      And the receiver has Birgit's position as "fulfilled"

    Scenario: a cancellation with an unknown trigger is accepted or refused
      Given an Ombori account
      And the next positionCancelled arrives with trigger "positionArchived"
      When Cosima takes a walk-in ticket
      And Cosima cancels
      Then the positionCancelled of Cosima is accepted or refused
      And no answer is a server error

  @rule:new-fields @should
  Rule: A field that was added breaks nothing
    Why: The vendor often adds fields, and a payload has no version. A receiver that breaks on a new
    one is down on the day that it comes.
    Documented: the position model has changed fourteen times, and fields were added.
    Source: https://ombori.atlassian.net/wiki/spaces/OAKB/pages/458620937/Position+model
    Inferred: it will change again, and a receiver is not told.

    Scenario Outline: a booking with the new field <path> as <value> is accepted
      Given an Ombori account
      And the next webhook arrives with field "<path>" as <value>
      When Dilan books a slot in 2 hours
      Then the bookingConfirmation of Dilan is accepted
      And the receiver has Dilan's position as "draft"

      Examples:
        | path                       | value           |
        | version                    | 14              |
        | data.sentBy                | {"name": "hub"} |
        | data.position.loyaltyTier  | "gold"          |
        | data.position.booking.note | null            |

  @rule:needed-fields @must
  Rule: A webhook without what identifies its subject changes nothing and breaks nothing
    Why: A receiver cannot work without the position and its id. If it guesses them, it changes the
    wrong ticket.
    Documented: `data.position` has the current state of the position, and `id` names it.
    Source: https://ombori.atlassian.net/wiki/pages/diffpagesbyversion.action?originalVersion=11&pageId=369459217&revisedVersion=13
    Inferred: a webhook without them cannot be about any position.

    Scenario Outline: a creation that <damage> leaves no position
      Given an Ombori account
      And the next webhook <damage>
      When Edith takes a walk-in ticket
      Then the positionCreated of Edith is accepted or refused
      And the receiver does not know Edith's position

      Examples:
        | damage                                        |
        | arrives without field "data"                  |
        | arrives without field "data.position"         |
        | arrives without field "data.position.id"      |
        | arrives with field "data.position.id" as null |
        | arrives with field "data.position" as []      |

  @rule:needed-fields-refused @should
  Rule: A webhook without what identifies its subject is refused
    Why: A clear 4xx tells the sender what is missing. A 200 says that the webhook arrived, and nobody
    learns that it is lost.
    Documented: `data.position` has the current state of the position, and `id` names it.
    Source: https://ombori.atlassian.net/wiki/pages/diffpagesbyversion.action?originalVersion=11&pageId=369459217&revisedVersion=13
    Not documented: how to answer a webhook without it.
    Assumed: a receiver may also keep a body in a queue and acknowledge it before it is read.

    Scenario Outline: a creation that <damage> is refused
      Given an Ombori account
      And the next webhook <damage>
      When Kunibert takes a walk-in ticket
      Then the positionCreated of Kunibert is refused

      Examples:
        | damage                                        |
        | arrives without field "data"                  |
        | arrives without field "data.position"         |
        | arrives without field "data.position.id"      |
        | arrives with field "data.position.id" as null |
        | arrives with field "data.position" as []      |

  @rule:broken-fields @should
  Rule: A field that breaks the model breaks nothing else
    Why: A receiver may refuse or ignore what it does not understand. It must say so clearly and
    must not invent missing values.
    Documented: the fields and their types.
    Source: https://ombori.atlassian.net/wiki/spaces/OAKB/pages/458620937/Position+model
    Assumed: the vendor may break its own model in any other field than the id.

    Scenario Outline: a creation that <damage> is accepted or refused, and the call after it is accepted
      Given an Ombori account
        | setting       | value       |
        | notifications | phoneNumber |
      And the next webhook <damage>
      When Farid takes a walk-in ticket
      Then the positionCreated of Farid is accepted or refused
      And no answer is a server error
      When staff call Farid
      Then the positionCalled of Farid is accepted
      And the receiver has Farid's position as "notified"

      Examples:
        | damage                                                |
        | arrives without field "type"                          |
        | arrives without field "message"                       |
        | arrives without field "data.position.notification"    |
        | arrives with field "data.position.location" as null   |
        | arrives with field "data.position.createdAt" as null  |
        | arrives with field "data.position.status" as "parked" |

    Scenario Outline: a reschedule that <damage> does not put the booking in the queue
      Given an Ombori account on profile "2021-02"
      And the next bookingUpdated <damage>
      When Greta books a slot in 30 minutes
      And Greta reschedules to a slot in 2 hours
      Then the bookingUpdated of Greta is accepted or refused
      And no answer is a server error
      And the receiver still has Greta's position as "draft"

      Examples:
        | damage                                            |
        | arrives without field "data.position.status"      |
        | arrives with field "data.position.status" as null |

    Scenario Outline: a booking whose <path> is <value> is accepted or refused
      Given an Ombori account
      And the next webhook arrives with field "data.position.<path>" as <value>
      When Hector books a slot in 20 minutes
      Then the bookingConfirmation of Hector is accepted or refused
      And no answer is a server error
      When 21 minutes pass
      Then the bookingActivated of Hector is accepted
      And the receiver has Hector's position as "pending"

      Examples:
        | path           | value  |
        | booking.start  | "soon" |
        | numberOfPeople | "two"  |

    Scenario Outline: a call whose <path> is <value> is accepted or refused
      Given an Ombori account on profile "2021-02"
      And the next positionCalled arrives with field "data.position.<path>" as <value>
      When Ilse takes a walk-in ticket
      And staff call Ilse
      Then the positionCalled of Ilse is accepted or refused
      And no answer is a server error
      When staff check in Ilse
      Then the positionFulfilled of Ilse is accepted
      And the receiver has Ilse's position as "fulfilled"

      Examples:
        | path     | value |
        | calledAt | 17    |
        | station  | "C4"  |

    Scenario Outline: feedback whose <path> is <value> is accepted or refused
      Given an Ombori account
      And the next feedbackReceived arrives with field "data.position.<path>" as <value>
      When Joris takes a walk-in ticket
      And staff call Joris
      And staff check in Joris
      And staff check out Joris
      And Joris gives feedback 4 "Fine"
      Then the feedbackReceived of Joris is accepted or refused
      And no answer is a server error
      And the receiver still has Joris's position as "completed"

      Examples:
        | path             | value  |
        | feedback.rating  | "five" |
        | feedback.message | null   |
