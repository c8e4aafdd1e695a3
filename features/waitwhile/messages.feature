@waitwhile
Feature: Waitwhile: messages to guests

  @rule:messages @must
  Rule: A message has the state of its delivery
    Why: A message is PENDING when it is created, and delivered seconds later.
    Documented: message.created with the whole message.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Documented: message.updated when the delivery changes, for example from PENDING to DELIVERED.
    Source: https://developers.waitwhile.com/reference/webhooks-2
    Assumed: message.updated has `before` and `after` like visit.updated.

    Scenario: an alert is delivered
      Given a Waitwhile account
        | setting     | value |
        | undelivered | 0%    |
      When Aurelio joins the waitlist
      And staff alert Aurelio
      And 10 seconds pass
      Then every webhook is accepted
      And the receiver has Aurelio's message as "DELIVERED"
      And the receiver has Aurelio's message as the vendor has it

    Scenario: an alert is pending until the network reports its delivery
      Given a Waitwhile account
        | setting       | value |
        | undelivered   | 0%    |
        | message_takes | 2m    |
      When Bathsheba joins the waitlist
      And staff alert Bathsheba
      Then the receiver has Bathsheba's message as "PENDING"
      When 3 minutes pass
      Then every webhook is accepted
      And the receiver has Bathsheba's message as "DELIVERED"

    Scenario: an alert does not change the visit's state
      Given a Waitwhile account
      When Drusilla joins the waitlist
      And staff alert Drusilla
      And 10 seconds pass
      Then every webhook is accepted
      And the receiver still has Drusilla's visit as "WAITING"
      And the receiver has Drusilla's visit with:
        | field | value       |
        | tags  | ["ALERTED"] |

    Scenario: the guest of a booking can be alerted too
      Given a Waitwhile account
        | setting     | value |
        | undelivered | 0%    |
      When Ekaterina books a slot in 1 hour
      And staff alert Ekaterina
      And 10 seconds pass
      Then every webhook is accepted
      And the receiver has Ekaterina's message as "DELIVERED"

    Scenario: a creation that arrives after the delivery is ignored as outdated
      Given a Waitwhile account
        | setting     | value |
        | undelivered | 0%    |
      When Fergus joins the waitlist
      And every message.created of Fergus is delayed by 10 minutes
      And staff alert Fergus
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Fergus's message as "DELIVERED"

    Scenario: a message whose creation was lost becomes known with its delivery
      Given a Waitwhile account
        | setting       | value |
        | undelivered   | 0%    |
        | message_takes | 5s    |
      And every message.created is lost
      When Hubert joins the waitlist
      And staff alert Hubert
      And 10 seconds pass
      Then the visit.updated of Hubert is accepted
      And the receiver has Hubert's message as the vendor has it

    Scenario: a message whose webhooks all arrive twice at the same instant is one message
      Given a Waitwhile account
        | setting     | value |
        | undelivered | 0%    |
      And every message.created is delivered twice at the same instant
      And every message.updated is delivered twice at the same instant
      When Isolde joins the waitlist
      And staff alert Isolde
      And 10 seconds pass
      Then no answer is a server error
      And the receiver still has Isolde's message as "DELIVERED"

    Scenario: a delivered message stays delivered when its creation arrives again
      Given a Waitwhile account
        | setting     | value |
        | undelivered | 0%    |
      When Jocasta joins the waitlist
      And staff alert Jocasta
      And 10 seconds pass
      And the message.created of Jocasta is delivered again
      Then no answer is a server error
      And the receiver still has Jocasta's message as "DELIVERED"

    Scenario: a message of a guest who was served meanwhile is still delivered
      Given a Waitwhile account
        | setting     | value |
        | undelivered | 0%    |
      When Klemens joins the waitlist
      And staff alert Klemens
      And staff serve Klemens
      And 10 seconds pass
      Then every webhook is accepted
      And the receiver has Klemens's message as "DELIVERED"
      And the receiver still has Klemens's visit as "SERVING"

  @rule:failed-messages @should
  Rule: A message that did not reach its guest has failed
    Why: Staff who believe that a failed text message was delivered wait for a guest who was never called.
    Documented: message.updated when the delivery changes, for example from PENDING to DELIVERED.
    Source: https://developers.waitwhile.com/reference/webhooks-2
    Assumed: how the failed state is spelt (`failed_state`), so a receiver may not know it.

    Scenario: an alert that does not reach its guest has failed
      Given a Waitwhile account
        | setting     | value |
        | undelivered | 100%  |
      When Conrad joins the waitlist
      And staff alert Conrad
      And 10 seconds pass
      Then every webhook is accepted
      And the receiver has Conrad's message as "FAILED"

    Scenario: a creation that arrives after the failure is ignored as outdated
      Given a Waitwhile account
        | setting     | value |
        | undelivered | 100%  |
      When Giuditta joins the waitlist
      And every message.created of Giuditta is delayed by 10 minutes
      And staff alert Giuditta
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Giuditta's message as "FAILED"
