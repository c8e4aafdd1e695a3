@sender
Feature: A sender: deliveries

  @rule:sender-duplicates @must
  Rule: The same webhook twice is no error
    Why: Every sender delivers at least once: an answer that is lost makes it send again. A receiver that
    fails on the second one gets it again and again, until the sender gives up or deactivates the endpoint.
    Documented: receivers handle a webhook that comes several times, and tell it by its id.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Assumed: a receiver may refuse a duplicate (409), though the sender then sends it again.

    Scenario Outline: a webhook that <how> is accepted, and its copies are accepted or refused
      Given a Sender account
      And the next webhook <how>
      When event Pine happens
      Then the last webhook is accepted or refused
      And no answer is a server error
      When event Quince happens
      Then the webhook of Quince is accepted

      Examples:
        | how                                       |
        | is delivered twice                        |
        | is delivered 5 times                      |
        | is delivered twice at the same instant    |
        | is delivered 10 times at the same instant |

    Scenario: a webhook that is sent again later is accepted or refused
      Given a Sender account
      When event Rowan happens
      And event Spruce happens
      And the first webhook of Rowan is delivered again
      Then the webhook of Rowan is accepted or refused
      And no answer is a server error

  @rule:sender-lost-acknowledgement @must
  Rule: A retry is answered like a first attempt
    Why: When an answer is lost, the receiver has done its work and the sender does not know. It sends the
    webhook again, with a new time of sending and a new signature where these are signed.
    Documented: a failed attempt is repeated, with the same id.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Assumed: an attempt without an answer has failed.

    Scenario Outline: a webhook is answered without an error if its first attempt <how>
      Given a Sender account
      And deliveries are retried 3 times, 1 second apart
      And attempt 1 of every webhook of Teak <how>
      When event Teak happens
      Then the webhook of Teak is accepted or refused
      And no answer is a server error
      When event Umbrella happens
      Then the webhook of Umbrella is accepted

      Examples:
        | how                                         |
        | arrives but its answer is lost              |
        | arrives but is answered 502 by a gateway    |
        | arrives, and the vendor hangs up after 1ms  |
        | arrives, and the vendor hangs up after 30ms |

    Scenario Outline: a webhook is accepted if its first attempt <how>, since it never arrived
      Given a Sender account
      And deliveries are retried 3 times, 1 second apart
      And attempt 1 of every webhook of Vetiver <how>
      When event Vetiver happens
      Then every webhook is accepted
      And the last webhook took 2 attempts

      Examples:
        | how                          |
        | is answered 503 by a gateway |
        | is reset mid-body            |

  @rule:sender-in-time @must
  Rule: A webhook is answered in time
    Why: Senders wait for some seconds, and then count the attempt as failed. A receiver that works for long
    acknowledges first and works later.
    Documented: Slack waits three seconds.
    Source: https://docs.slack.dev/apis/events-api
    Documented: GitHub waits ten.
    Source: https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks
    Assumed: for other senders `receiver.ack_within` of standin.yaml, which is five seconds unless it is set.

    Scenario: every answer comes in time
      Given a Sender account
      When event Viburnum happens
      And event Willow happens
      And event Yew happens
      Then every webhook is accepted
      And every answer comes in time
