@ombori @credentials @login-signature
Feature: Ombori: signatures
  Ombori has no signature of its own. standin.yaml says how it signs (`vendors.ombori.signature`), and only then these scenarios are played.

  @rule:credentials @must
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that does not check the signature lets
    strangers call and cancel tickets.
    Not documented: Ombori has no signature of its own.
    Assumed: the receiver verifies the signature that standin.yaml describes, over the bytes that it gets. Any 4xx is a
    refusal; 401 is usual.

    Scenario: a signed webhook is accepted
      Given an Ombori account
      When Anna takes a walk-in ticket
      And staff call Anna
      Then every webhook is accepted
      And the receiver has Anna's position as "notified"

    Scenario Outline: a creation that <damage> is refused and leaves no position
      Given an Ombori account
      And every webhook <damage>
      When Bruna takes a walk-in ticket
      Then the positionCreated of Bruna is refused
      And no answer is a server error
      And the receiver does not know Bruna's position

      Examples:
        | damage                             |
        | arrives without credentials        |
        | arrives with empty credentials     |
        | arrives with wrong credentials     |
        | arrives with malformed credentials |
        | arrives signed for another URL     |
        | is tampered with after signing     |
        | is re-serialised after signing     |

    Scenario Outline: a creation that arrives <how>, which is nearly right, is refused and leaves no position
      Given an Ombori account
      And every webhook arrives <how>
      When Kunigunde takes a walk-in ticket
      Then the positionCreated of Kunigunde is refused
      And no answer is a server error
      And the receiver does not know Kunigunde's position

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
      Given an Ombori account
      When Cillian takes a walk-in ticket
      And the effects on Cillian are noted
      And every webhook <damage>
      And Cillian cancels
      Then the positionCancelled of Cillian is refused
      And no answer is a server error
      And the effects on Cillian are unchanged
      And the receiver still has Cillian's position as "pending"

      Examples:
        | damage                         |
        | arrives without credentials    |
        | arrives with wrong credentials |
        | is tampered with after signing |

    Scenario: a webhook in another JSON form is accepted, because exactly these bytes are signed
      Given an Ombori account
      And every webhook arrives as reformatted JSON
      When Einar takes a walk-in ticket
      And staff call Einar
      Then every webhook is accepted
      And the receiver has Einar's position as the vendor has it

    Scenario: a creation with two signatures is accepted or refused
      Given an Ombori account
      And every webhook arrives with two signatures
      When Florian takes a walk-in ticket
      Then the positionCreated of Florian is accepted or refused
      And no answer is a server error

    Scenario: refusing a stranger does not lock the vendor out
      Given an Ombori account
      And the next webhook arrives with wrong credentials
      When Grazia takes a walk-in ticket
      And staff call Grazia
      Then the positionCalled of Grazia is accepted
      And the receiver has Grazia's position as "notified"

    Scenario: a webhook whose first attempt had a wrong signature is accepted with the right one
      Given an Ombori account
      And deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every webhook arrives with wrong credentials
      When Hauke takes a walk-in ticket
      Then every webhook is accepted
      And the last webhook took 2 attempts
      And the receiver has Hauke's position as the vendor has it
