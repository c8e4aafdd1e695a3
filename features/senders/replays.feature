@sender @credentials
Feature: A sender: replays

  @rule:sender-time @must @signs-time
  Rule: The time of sending is part of what is signed
    Why: Somebody who has once seen a webhook can send it again, with its right signature. The signed time
    of sending is what shows that it is old. It does so only if it is checked together with the signature.
    Documented: Standard Webhooks signs the time with the body.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Documented: so does Slack.
    Source: https://docs.slack.dev/authentication/verifying-requests-from-slack

    Scenario Outline: a webhook that <how> is refused
      Given a Sender account
      And every webhook <how>
      When event Karri happens
      Then the last webhook is refused
      And no answer is a server error

      Examples:
        | how                                       |
        | arrives with a newer time than was signed |
        | arrives without its time of sending       |

  @rule:sender-age @must @tolerates
  Rule: An old webhook is refused
    Why: A signature stays right for ever. Without a limit, what was once recorded can be sent again years
    later.
    Documented: receivers of Standard Webhooks refuse a time of sending that is too far from their own clock.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Documented: receivers of Stripe refuse one that is too old.
    Source: https://docs.stripe.com/webhooks/signature
    Documented: receivers of Slack refuse one that is more than five minutes away.
    Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
    Assumed: five minutes are allowed. An hour is far more, and a minute is less: clocks differ.

    Scenario Outline: a webhook that arrives signed <age> ago is refused
      Given a Sender account
      And every webhook arrives signed <age> ago
      When event Larch happens
      Then the last webhook is refused
      And no answer is a server error

      Examples:
        | age      |
        | 1 hour   |
        | 24 hours |
        | 300 days |

    Scenario Outline: a webhook that arrives signed <how> is accepted, since clocks differ
      Given a Sender account
      And every webhook arrives signed <how>
      When event Maple happens
      Then every webhook is accepted

      Examples:
        | how                      |
        | 1 minute ago             |
        | 10 seconds ahead of time |

  @rule:sender-future @should @tolerates
  Rule: A webhook from the future is refused
    Why: A webhook that is signed for a later time can be sent again until then.
    Inferred: a time of sending that is too far from the receiver's clock shows a replay or a wrong clock.
    Not documented: some senders' own libraries look only at the age.

    Scenario Outline: a webhook that arrives signed <how> is refused
      Given a Sender account
      And every webhook arrives signed <how>
      When event Nutmeg happens
      Then the last webhook is refused
      And no answer is a server error

      Examples:
        | how                    |
        | 1 hour ahead of time   |
        | 300 days ahead of time |

  @rule:sender-id @must @signs-id
  Rule: The id is part of what is signed
    Why: A receiver tells a duplicate by its id. If the id can be changed without being noticed, an old
    webhook can be sent again as a new one.
    Documented: the id is signed with the time and the body.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

    Scenario Outline: a webhook that <how> is refused
      Given a Sender account
      And every webhook <how>
      When event Oak happens
      Then the last webhook is refused
      And no answer is a server error

      Examples:
        | how                                     |
        | arrives with another id than was signed |
        | arrives without its id                  |
