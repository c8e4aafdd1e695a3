@doo @credentials @login-headers
Feature: doo: credentials in request headers
  doo has no fixed headers of its own. standin.yaml names them (`vendors.doo.headers`), and only then these scenarios are played.

  @rule:credentials @must
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that checks no credentials lets
    strangers book and cancel.
    Not documented: doo documents tokens, and no fixed headers.
    Assumed: doo, or a gateway for it, sends the headers that standin.yaml names, and the receiver
    checks each. Any 4xx is a refusal; 401 and 403 are usual.

    Scenario: a webhook with the right credentials is accepted
      Given a doo account
      When Aurel books a ticket
      And Aurel corrects the name to "Zsófia Őry"
      Then every webhook is accepted
      And the receiver has Aurel's order as "active"

    Scenario Outline: a creation that arrives <how> is refused and leaves no order
      Given a doo account
      And every webhook arrives <how>
      When Bohumil books a ticket
      Then the order_created of Bohumil is refused
      And no answer is a server error
      And the receiver does not know Bohumil's order

      Examples:
        | how                        |
        | without credentials        |
        | with empty credentials     |
        | with wrong credentials     |
        | with malformed credentials |

    Scenario Outline: a creation that arrives <how>, which is nearly right, is refused and leaves no order
      Given a doo account
      And every webhook arrives <how>
      When Cosima books a ticket
      Then the order_created of Cosima is refused
      And no answer is a server error
      And the receiver does not know Cosima's order

      Examples:
        | how                                                 |
        | with credentials that differ in the first character |
        | with credentials that differ in the middle          |
        | with credentials that differ in the last character  |
        | with credentials in another case                    |
        | with credentials with more padding                  |
        | with the first half of the credentials              |
        | with more than the credentials                      |

    Scenario Outline: a cancellation that arrives <how> is refused and changes nothing
      Given a doo account
        | setting            | value           |
        | cancellation_fires | order_cancelled |
      When Domenika books a ticket
      And the effects on Domenika are noted
      And every webhook arrives <how>
      And the organizer cancels the booking of Domenika
      Then the order_cancelled of Domenika is refused
      And no answer is a server error
      And the effects on Domenika are unchanged
      And the receiver still has Domenika's order as "active"

      Examples:
        | how                    |
        | without credentials    |
        | with wrong credentials |

    Scenario: refusing a stranger does not lock the vendor out
      Given a doo account
      And the next webhook arrives with wrong credentials
      When Erzsébet books a ticket
      And Erzsébet corrects the name to "Zsófia Őry"
      Then the order_updated of Erzsébet is accepted
      And the receiver has Erzsébet's order as "active"

    Scenario: a webhook whose first attempt had wrong credentials is accepted with the right ones
      Given a doo account
      And deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every webhook arrives with wrong credentials
      When Fiorella books a ticket
      Then every webhook is accepted
      And the last webhook took 2 attempts
      And the receiver has Fiorella's order as the vendor has it

    Scenario Outline: a creation that arrives <how>, of several, is refused and leaves no order
      Given a doo account
      And every webhook arrives <how>
      When Ghislaine books a ticket
      Then the order_created of Ghislaine is refused
      And no answer is a server error
      And the receiver does not know Ghislaine's order

      Examples:
        | how                                  |
        | with only its first credential wrong |
        | with only its last credential wrong  |
