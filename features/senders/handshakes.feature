@sender
Feature: A sender: handshakes
  Some senders try a receiver before they send events, with a request that is signed like them.

  @rule:sender-challenge @must @challenges
  Rule: A challenge is repeated in the answer
    Why: The sender takes the URL only if the answer repeats its challenge. A receiver that treats the request as
    an event cannot be set up, or is dropped when its URL is verified again.
    Documented: the receiver answers 200 with the value of `challenge`, as plain text, in a form or in JSON.
    Source: https://api.slack.com/events/url_verification
    Assumed: it does so as often as it is asked.

    Scenario: each challenge is repeated
      Given a Sender account
      When handshake Alder happens
      Then the last webhook is accepted
      And the answer repeats the challenge
      When handshake Birch happens
      Then the last webhook is accepted
      And the answer repeats the challenge

    Scenario: events are accepted after a challenge
      Given a Sender account
      When handshake Cedar happens
      And event Douglas happens
      Then the webhook of Douglas is accepted
      And no answer is a server error

    Scenario: a challenge with a wrong signature does no harm
      Given a Sender account
      And the next webhook arrives with wrong credentials
      When handshake Elder happens
      Then the last webhook is accepted or refused
      When handshake Fir happens
      Then the last webhook is accepted
      And the answer repeats the challenge

  @rule:sender-ping @should @pings
  Rule: A ping is accepted
    Why: The sender shows the result where the webhook was set up. A receiver that fails on a ping, since it is
    no event that it knows, looks broken to whoever sets it up, and its errors hide others.
    Documented: a ping is sent when the webhook is set up, as an event of its own.
    Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#ping
    Assumed: any 2xx is right.

    Scenario: a ping is accepted
      Given a Sender account
      When handshake Gorse happens
      Then the last webhook is accepted

    Scenario: events are accepted after a ping
      Given a Sender account
      When handshake Hazel happens
      And event Ivy happens
      Then the webhook of Ivy is accepted
      And no answer is a server error

    Scenario: a ping with a wrong signature is refused
      Given a Sender account
      And the next webhook arrives with wrong credentials
      When handshake Juniper happens
      Then the last webhook is refused
      And no answer is a server error
