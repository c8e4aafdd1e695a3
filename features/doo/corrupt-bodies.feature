@doo
Feature: doo: corrupt bodies

  @rule:corrupt-bodies @must
  Rule: A corrupt body changes nothing and breaks nothing
    Why: A receiver must not guess what a corrupt body means. A 5xx or no answer hides the cause and
    looks as if the receiver were down.
    Documented: a webhook is a POST with a JSON body.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/1369361/Webhook+request
    Inferred: what is not JSON is not a webhook, so nothing in it can be believed.

    Scenario Outline: an order that <damage> stays unknown
      Given a doo account
      And the next webhook <damage>
      When Adelheid books a ticket
      Then the order_created of Adelheid is accepted or refused
      And no answer is a server error
      And the receiver does not know Adelheid's order

      Examples:
        | damage                    |
        | arrives truncated         |
        | arrives as invalid JSON   |
        | arrives with broken UTF-8 |

    Scenario: a cancellation that arrives truncated changes nothing
      Given a doo account
        | setting            | value           |
        | cancellation_fires | order_cancelled |
      When Bohumil books a ticket
      And the effects on Bohumil are noted
      And the next webhook arrives truncated
      And the organizer cancels the booking of Bohumil
      Then the order_cancelled of Bohumil is accepted or refused
      And no answer is a server error
      And the effects on Bohumil are unchanged
      And the receiver still has Bohumil's order as "active"

    Scenario: an order that is cut off in mid-body at every attempt stays unknown
      Given a doo account
      And every webhook is reset mid-body
      When Danilo books a ticket
      Then the receiver does not know Danilo's order

    Scenario: a corrupt body does not affect the webhook after it
      Given a doo account
      And the next webhook arrives as invalid JSON
      When Eoghan books a ticket by bank transfer
      And the payment of Eoghan arrives
      Then the order_updated of Eoghan is accepted
      And the receiver has Eoghan's order as the vendor has it
      And the receiver has Eoghan's ticket as "valid"

  @rule:corrupt-bodies-refused @should
  Rule: A corrupt body is refused
    Why: A clear 4xx tells the sender what is wrong. A 200 says that the webhook arrived, and nobody
    learns that it is lost.
    Documented: any answer but 200 leads to a retry, so a refusal loses nothing.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/9077132
    Not documented: how to answer a body that is not JSON.
    Assumed: a receiver may also keep a body in a queue and acknowledge it before it is read.

    Scenario Outline: an order that <damage> is refused
      Given a doo account
      And the next webhook <damage>
      When Hedwig books a ticket
      Then the order_created of Hedwig is refused

      Examples:
        | damage                    |
        | arrives truncated         |
        | arrives as invalid JSON   |
        | arrives with broken UTF-8 |

    Scenario: a cancellation that arrives truncated is refused
      Given a doo account
        | setting            | value           |
        | cancellation_fires | order_cancelled |
      When Ildikó books a ticket
      And the next webhook arrives truncated
      And the organizer cancels the booking of Ildikó
      Then the order_cancelled of Ildikó is refused

  @rule:odd-bodies @should
  Rule: Another content type or a large body breaks nothing
    Why: A proxy may change the content type, and an order may have long comments. A receiver may
    refuse either. It must not fail with a server error or lose the webhook after it.
    Not documented: the content type, and how large a body can be.
    Assumed: the content type is application/json, and bodies have a few kilobytes.

    Scenario: content type "text/plain" is accepted or refused, and the payment after it is accepted
      Given a doo account
      And the next webhook arrives with content type "text/plain"
      When Francisca books a ticket by bank transfer
      Then the order_created of Francisca is accepted or refused
      And no answer is a server error
      When the payment of Francisca arrives
      Then the order_updated of Francisca is accepted
      And the receiver has Francisca's ticket as "valid"

    Scenario: a body of 300 kB is accepted or refused, and the payment after it is accepted
      Given a doo account
      And the next webhook arrives with a body of 300 kB
      When Gyöngyi books a ticket by bank transfer
      Then the order_created of Gyöngyi is accepted or refused
      And no answer is a server error
      When the payment of Gyöngyi arrives
      Then the order_updated of Gyöngyi is accepted
      And the receiver has Gyöngyi's ticket as "valid"
