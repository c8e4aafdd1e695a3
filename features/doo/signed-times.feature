@doo @credentials @login-signature
Feature: doo: signatures that cover a time or an id
  standin.yaml says how doo signs (`vendors.doo.signature`). What that signature does not cover is not played.

  @rule:signed-time @must
  Rule: The time of sending is part of what is signed
    Why: Somebody who has once seen a webhook can send it again, with its right signature. The signed time
    of sending is what shows that it is old. It does so only if it is checked together with the signature.
    Documented: Standard Webhooks signs the time with the body.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Assumed: the vendor signs as standin.yaml says; doo has no signature of its own.

    Scenario Outline: a creation that <how> is refused and leaves no order
      Given a doo account
      And every webhook <how>
      When Karin books a ticket
      Then the order_created of Karin is refused
      And no answer is a server error
      And the receiver does not know Karin's order

      Examples:
        | how                                       |
        | arrives with a newer time than was signed |
        | arrives without its time of sending       |

  @rule:signed-age @must
  Rule: An old webhook is refused
    Why: A signature stays right for ever. Without a limit, what was once recorded can be sent again years
    later.
    Documented: receivers of Standard Webhooks refuse a time of sending that is too far from their own clock.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Assumed: an hour is too far, and a minute is not: clocks differ.

    Scenario Outline: a creation that arrives signed <age> ago is refused and leaves no order
      Given a doo account
      And every webhook arrives signed <age> ago
      When Lorcan books a ticket
      Then the order_created of Lorcan is refused
      And no answer is a server error
      And the receiver does not know Lorcan's order

      Examples:
        | age      |
        | 1 hour   |
        | 24 hours |
        | 300 days |

    Scenario Outline: a webhook that arrives signed <how> is accepted, since clocks differ
      Given a doo account
      And every webhook arrives signed <how>
      When Marit books a ticket
      Then every webhook is accepted

      Examples:
        | how                      |
        | 1 minute ago             |
        | 10 seconds ahead of time |

  @rule:signed-future @should
  Rule: A webhook from the future is refused
    Why: A webhook that is signed for a later time can be sent again until then.
    Inferred: a time of sending that is too far from the receiver's clock shows a replay or a wrong clock.
    Not documented: some libraries look only at the age.

    Scenario Outline: a webhook that arrives signed <how> is refused
      Given a doo account
      And every webhook arrives signed <how>
      When Njål books a ticket
      Then the order_created of Njål is refused
      And no answer is a server error

      Examples:
        | how                    |
        | 1 hour ahead of time   |
        | 300 days ahead of time |

  @rule:signed-id @must
  Rule: The id is part of what is signed
    Why: A receiver tells a duplicate by its id. If the id can be changed without being noticed, an old
    webhook can be sent again as a new one.
    Documented: the id is signed with the time and the body.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Assumed: the vendor signs as standin.yaml says; doo has no signature of its own.

    Scenario Outline: a creation that <how> is refused and leaves no order
      Given a doo account
      And every webhook <how>
      When Oda books a ticket
      Then the order_created of Oda is refused
      And no answer is a server error
      And the receiver does not know Oda's order

      Examples:
        | how                                     |
        | arrives with another id than was signed |
        | arrives without its id                  |

  @rule:signed-rotation @must
  Rule: A webhook is accepted while a key is being replaced
    Why: While a key is replaced, senders sign with both, the old and the new one. A receiver that looks at
    one signature only refuses every webhook until it has the same key.
    Documented: the header of Standard Webhooks can hold several signatures, and one that is right is enough.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Not documented: which signature is the first.

    Scenario Outline: a webhook that <how> is accepted
      Given a doo account
      And every webhook <how>
      When Pietro books a ticket
      Then every webhook is accepted

      Examples:
        | how                                             |
        | arrives with a second signature by an older key |
        | arrives with a second signature by a newer key  |
