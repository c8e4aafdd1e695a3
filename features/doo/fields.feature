@doo
Feature: doo: new, missing, null and mistyped fields

  @rule:new-fields @should
  Rule: A field that was added breaks nothing
    Why: The models have two hundred fields and have changed before without a version. A receiver
    that breaks on a new one fails guests who did nothing wrong.
    Documented: the fields with their types.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: fields may be added.

    Scenario Outline: an order with the new field <path> is accepted or refused, and the payment after it is accepted
      Given a doo account
      And the next webhook arrives with field "<path>" as <value>
      When Ainhoa books a ticket by bank transfer
      Then the order_created of Ainhoa is accepted or refused
      And no answer is a server error
      When the payment of Ainhoa arrives
      Then the order_updated of Ainhoa is accepted
      And the receiver has Ainhoa's order as the vendor has it

      Examples:
        | path                           | value      |
        | order_details.loyalty_tier     | "gold"     |
        | order_details.attendees.0.seat | {"row": 4} |

  @rule:optional-fields @must
  Rule: An optional field may be absent or null
    Why: A third of the two hundred fields are optional. A receiver that needs one of them fails
    guests who did nothing wrong.
    Documented: which fields are required; an optional field may be absent.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json

    Scenario Outline: an order without <path> is accepted
      Given a doo account
        | setting   | value |
        | prefilled | 100%  |
      And the next webhook arrives without field "<path>"
      When Boglárka books a ticket
      Then every webhook is accepted
      And the receiver has Boglárka's order as "active"
      And the receiver has Boglárka's ticket as "valid"

      Examples:
        | path                                           |
        | external_customer_id                           |
        | order_details.payment.invoice_file_url         |
        | order_details.attendees.0.first_name           |
        | order_details.attendees.0.ticket.passbook_link |

    Scenario Outline: an event without <path> is accepted
      Given a doo account
      And the next webhook arrives without field "<path>"
      When the organizer renames Summit to "Summit without"
      Then every webhook is accepted
      And the receiver has Summit's event as the vendor has it

      Examples:
        | path             |
        | venue_name       |
        | external_user_id |

  @rule:needed-fields @must
  Rule: A webhook without what identifies its subject changes nothing and breaks nothing
    Why: A receiver cannot work without the id of the order or event. If it guesses it, it changes
    the wrong order.
    Documented: the id is required in both models.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Inferred: a webhook without it cannot be about any order or event.

    Scenario Outline: an order that <damage> stays unknown
      Given a doo account
      And the next webhook <damage>
      When Dijana books a ticket
      Then the order_created of Dijana is accepted or refused
      And no answer is a server error
      And the receiver does not know Dijana's order

      Examples:
        | damage                                        |
        | arrives without field "order_details"         |
        | arrives with field "order_details.id" as null |

    Scenario: an event whose id is null stays unknown
      Given a doo account
      And the next webhook arrives with field "id" as null
      When the organizer creates the event Esbat
      Then the event_created of Esbat is accepted or refused
      And no answer is a server error
      And the receiver does not know Esbat's event

  @rule:needed-fields-refused @should
  Rule: A webhook without what identifies its subject is refused
    Why: A clear 4xx tells the sender what is missing. A 200 says that the webhook arrived, and nobody
    learns that it is lost.
    Documented: the id is required in both models.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Not documented: how to answer a webhook without it.
    Assumed: a receiver may also keep a body in a queue and acknowledge it before it is read.

    Scenario Outline: an order that <damage> is refused
      Given a doo account
      And the next webhook <damage>
      When Kasimira books a ticket
      Then the order_created of Kasimira is refused

      Examples:
        | damage                                        |
        | arrives without field "order_details"         |
        | arrives with field "order_details.id" as null |

    Scenario: an event whose id is null is refused
      Given a doo account
      And the next webhook arrives with field "id" as null
      When the organizer creates the event Feria
      Then the event_created of Feria is refused

  @rule:unknown-values @should
  Rule: A trigger or a status that is new breaks nothing
    Why: A status that is new is no reason to fail. A receiver may refuse or ignore it, or store it
    as it is.
    Documented: the list of statuses has changed: the model of 2017 has organizer_cancelled, and
    lacks deleted.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: statuses may be added.

    Scenario: an unknown order status is accepted or refused, and the change after it is accepted
      Given a doo account
      When Gudrun books a ticket by bank transfer
      And the next order_updated of Gudrun arrives with field "order_details.status" as "parked"
      And the payment of Gudrun arrives
      Then the order_updated of Gudrun is accepted or refused
      And no answer is a server error
      When the organizer cancels the booking of Gudrun
      Then the receiver has Gudrun's order as the vendor has it

    Scenario: an unknown ticket status is accepted or refused, and the change after it is accepted
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      When Hendrika books a ticket
      And the next order_updated of Hendrika arrives with field "order_details.attendees.0.ticket.status" as "torn"
      And staff check in Hendrika
      Then the order_updated of Hendrika is accepted or refused
      And no answer is a server error
      When the organizer cancels the booking of Hendrika
      Then the receiver has Hendrika's ticket as "cancelled"

    Scenario: an unknown event status is accepted or refused, and the change after it is accepted
      Given a doo account
      And the next event_updated arrives with field "status" as "dormant"
      When the organizer renames Summit to "Summit of the south"
      Then the event_updated of Summit is accepted or refused
      And no answer is a server error
      When 1 hour passes
      And the organizer calls off Summit
      Then the event_updated of Summit is accepted
      And the receiver has Summit's event as "cancelled"

  @rule:broken-fields @should
  Rule: A field that breaks the model breaks nothing else
    Why: A receiver may refuse or ignore what it does not understand. It must say so clearly and
    must not invent missing values.
    Documented: the fields with their types, and which are required.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: an optional field may also be null, and the vendor may break its own model in any other
    field than the id.

    Scenario Outline: an order that <damage> is accepted or refused, and the payment after it is accepted
      Given a doo account
      And the next webhook <damage>
      When Florentyna books a ticket by bank transfer
      Then the order_created of Florentyna is accepted or refused
      And no answer is a server error
      When the payment of Florentyna arrives
      Then the order_updated of Florentyna is accepted
      And the receiver has Florentyna's order as the vendor has it
      And the receiver has Florentyna's ticket as "valid"

      Examples:
        | damage                                                            |
        | arrives without field "event.id"                                  |
        | arrives without field "order_details.payment"                     |
        | arrives without field "order_details.attendees"                   |
        | arrives with field "order_details.payment.amount" as null         |
        | arrives with field "order_details.attendees.0.first_name" as null |
        | arrives with field "event.id" as 70412                            |
        | arrives with field "order_details.payment.amount" as 142.8        |

    Scenario Outline: a denial that <damage> is accepted or refused and sets no invented status
      Given a doo account
        | setting  | value |
        | approval | on    |
      When Guðrún books a ticket
      And the next order_updated of Guðrún <damage>
      And the organizer denies Guðrún
      Then the order_updated of Guðrún is accepted or refused
      And no answer is a server error
      And the receiver still has Guðrún's order as "pending_organizer_approval"

      Examples:
        | damage                                                |
        | arrives without field "order_details.status"          |
        | arrives with field "order_details.status" as null     |

    Scenario Outline: an event that <damage> is accepted or refused, and the change after it is accepted
      Given a doo account
      And the next event_updated <damage>
      When the organizer renames Summit to "Summit of the north"
      Then the event_updated of Summit is accepted or refused
      And no answer is a server error
      When 1 hour passes
      And the organizer postpones Summit by 1 day
      Then the event_updated of Summit is accepted
      And the receiver has Summit's event as the vendor has it

      Examples:
        | damage                                       |
        | arrives with field "sponsors" as ["Nordkai"] |
        | arrives without field "update_date"          |
        | arrives without field "start_date"           |
        | arrives without field "end_date"             |
        | arrives with field "start_date" as null      |
        | arrives with field "is_deleted" as false     |
