@sender @asks-leave
Feature: A sender: leave to send
  A sender of CloudEvents may ask a receiver for leave before it sends events, with OPTIONS and without a body. The
  headers of the answer give it; its status says nothing.

  @rule:sender-leave @should
  Rule: A receiver gives leave to the sender that asks
    Why: The sender takes the URL, or goes on sending, only if the answer gives leave. Azure Event Grid sends nothing to
    a receiver that does not.
    Documented: receivers should support the handshake. The answer has `WebHook-Allowed-Origin` with the origin that asks,
    or `*` (section 4, 4.2 and 4.2.1).
    Source: https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md
    Documented: Azure Event Grid uses this handshake for events in the schema of CloudEvents.
    Source: https://learn.microsoft.com/en-us/azure/event-grid/webhook-event-delivery
    Assumed: it gives leave as often as it is asked, to the origin `standin.example.test` or to that of --header.

    Scenario: each request for leave is granted
      Given a Sender account
      When handshake Alder happens
      Then the answer gives leave to send
      When handshake Birch happens
      Then the answer gives leave to send
      And no answer is a server error

    Scenario: events are accepted after a request for leave
      Given a Sender account
      When handshake Cedar happens
      And event Douglas happens
      Then the webhook of Douglas is accepted
      And no answer is a server error

  @rule:sender-whole-leave @must
  Rule: Leave to send is given whole, or not at all
    Why: A sender that asked for a rate and is not told one cannot know how fast it may send, and may take the answer for
    no leave at all. An answer that allows another origin allows nothing.
    Documented: if and only if the receiver allows delivery, its answer must have `WebHook-Allowed-Origin` and
    `WebHook-Allowed-Rate` (section 4.2). The first must be the origin that asks, or `*` (4.2.1); the second must be there
    if a rate was asked for, and is a positive number or `*` (4.2.2).
    Source: https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md

    Scenario: the answer to a request for leave at a rate is whole
      Given a Sender account
      When handshake Elder happens
      Then the answer gives whole leave to send, or none

  @rule:sender-allow @should
  Rule: The answer to a request for leave says that POST is allowed
    Why: Tools and gateways between sender and receiver read `Allow`, and may refuse what is not in it.
    Documented: the answer should have `Allow`, with POST in it (section 4.2).
    Source: https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md

    Scenario: the answer to a request for leave allows POST
      Given a Sender account
      When handshake Fir happens
      Then the answer allows POST
