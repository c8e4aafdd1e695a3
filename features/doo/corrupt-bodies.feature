@doo
Feature: doo: corrupt bodies
  What cannot be read must not be guessed at: a clear 4xx tells the sender, a 5xx would hide the
  cause, and a status taken from half a body is worse than none. Documented: a POST with a JSON body,
  and anything but 200 is tried again. Assumed: the content type application/json and bodies of a few
  kilobytes, so a receiver may refuse another content type or a big body, or take it.

  Scenario Outline: an order that <damage> is refused and is not known
    Given a doo account
    And the next webhook <damage>
    When Adelheid books a ticket
    Then the last webhook is refused
    And no answer is a server error
    And the receiver does not know Adelheid's order

    Examples:
      | damage                    |
      | arrives truncated         |
      | arrives as invalid JSON   |
      | arrives with broken UTF-8 |

  Scenario: a cancellation that arrives truncated is refused and changes nothing
    Given a doo account
      | setting            | value           |
      | cancellation_fires | order_cancelled |
    When Bohumil books a ticket
    And the effects on Bohumil are noted
    And the next webhook arrives truncated
    And the organizer cancels the booking of Bohumil
    Then the last webhook is refused
    And no answer is a server error
    And the effects on Bohumil are unchanged
    And the receiver still has Bohumil's order as "active"

  Scenario: an order that breaks off in mid-body at every attempt is not known
    Given a doo account
    And every webhook is reset mid-body
    When Danilo books a ticket
    Then the receiver does not know Danilo's order

  Scenario: a corrupt body does not spoil the webhook after it
    Given a doo account
    And the next webhook arrives as invalid JSON
    When Eoghan books a ticket by bank transfer
    And the payment of Eoghan arrives
    Then the last webhook is accepted
    And the receiver has Eoghan's order as the vendor has it
    And the receiver has Eoghan's ticket as "valid"

  Scenario: content type "text/plain" is answered clearly, and the payment after it is taken
    Given a doo account
    And the next webhook arrives with content type "text/plain"
    When Francisca books a ticket by bank transfer
    Then the last webhook is accepted or refused
    And no answer is a server error
    When the payment of Francisca arrives
    Then the last webhook is accepted
    And the receiver has Francisca's ticket as "valid"

  Scenario: a body of 300 kB is answered clearly, and the payment after it is taken
    Given a doo account
    And the next webhook arrives with a body of 300 kB
    When Gyöngyi books a ticket by bank transfer
    Then the last webhook is accepted or refused
    And no answer is a server error
    When the payment of Gyöngyi arrives
    Then the last webhook is accepted
    And the receiver has Gyöngyi's ticket as "valid"
