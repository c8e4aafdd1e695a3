@doo @credentials @login-signature
Feature: doo: signatures
  doo has no signature of its own. standin.yaml says how it signs (`vendors.doo.signature`), and only then these scenarios are played.

  @rule:credentials @must
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that does not check the signature lets
    strangers book and cancel.
    Not documented: doo has no signature of its own.
    Assumed: the receiver verifies the signature that standin.yaml describes, over the bytes that it gets. Any 4xx is a
    refusal; 401 is usual.

    Scenario: a signed webhook is accepted
      Given a doo account
      When Anna books a ticket
      And Anna corrects the name to "Zsófia Őry"
      Then every webhook is accepted
      And the receiver has Anna's order as "active"

    Scenario Outline: a creation that <damage> is refused and leaves no order
      Given a doo account
      And every webhook <damage>
      When Bruna books a ticket
      Then the order_created of Bruna is refused
      And no answer is a server error
      And the receiver does not know Bruna's order

      Examples:
        | damage                             |
        | arrives without credentials        |
        | arrives with empty credentials     |
        | arrives with wrong credentials     |
        | arrives with malformed credentials |
        | arrives signed for another URL     |
        | is tampered with after signing     |
        | is re-serialised after signing     |

    Scenario Outline: a creation that arrives <how>, which is nearly right, is refused and leaves no order
      Given a doo account
      And every webhook arrives <how>
      When Kunigunde books a ticket
      Then the order_created of Kunigunde is refused
      And no answer is a server error
      And the receiver does not know Kunigunde's order

      Examples:
        | how                                                 |
        | with credentials that differ in the first character |
        | with credentials that differ in the middle          |
        | with credentials that differ in the last character  |
        | with credentials in another case                    |
        | with the first half of the credentials              |
        | with more than the credentials                      |
        | with the signature of another body                  |

    Scenario Outline: a cancellation that <damage> is refused and changes nothing
      Given a doo account
        | setting            | value           |
        | cancellation_fires | order_cancelled |
      When Cillian books a ticket
      And the effects on Cillian are noted
      And every webhook <damage>
      And the organizer cancels the booking of Cillian
      Then the order_cancelled of Cillian is refused
      And no answer is a server error
      And the effects on Cillian are unchanged
      And the receiver still has Cillian's order as "active"

      Examples:
        | damage                         |
        | arrives without credentials    |
        | arrives with wrong credentials |
        | is tampered with after signing |

    Scenario: a webhook in another JSON form is accepted, because exactly these bytes are signed
      Given a doo account
      And every webhook arrives as reformatted JSON
      When Einar books a ticket
      And Einar corrects the name to "Zsófia Őry"
      Then every webhook is accepted
      And the receiver has Einar's order as the vendor has it

    Scenario: a creation with two signatures is accepted or refused
      Given a doo account
      And every webhook arrives with two signatures
      When Florian books a ticket
      Then the order_created of Florian is accepted or refused
      And no answer is a server error

    Scenario: refusing a stranger does not lock the vendor out
      Given a doo account
      And the next webhook arrives with wrong credentials
      When Grazia books a ticket
      And Grazia corrects the name to "Zsófia Őry"
      Then the order_updated of Grazia is accepted
      And the receiver has Grazia's order as "active"

    Scenario: a webhook whose first attempt had a wrong signature is accepted with the right one
      Given a doo account
      And deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every webhook arrives with wrong credentials
      When Hauke books a ticket
      Then every webhook is accepted
      And the last webhook took 2 attempts
      And the receiver has Hauke's order as the vendor has it
