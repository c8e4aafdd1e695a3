@waitwhile @credentials @login-headers
Feature: Waitwhile: credentials in request headers
  Waitwhile has no fixed headers of its own. standin.yaml names them (`vendors.waitwhile.headers`), and only then these scenarios are
  played.

  @rule:credentials @must
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that checks no credentials lets
    strangers serve and delete guests.
    Not documented: Waitwhile documents a signature and tokens, and no fixed headers.
    Assumed: Waitwhile, or a gateway for it, sends the headers that standin.yaml names, and the receiver
    checks each. Any 4xx is a refusal; 401 and 403 are usual.

    Scenario: a webhook with the right credentials is accepted
      Given a Waitwhile account
      When Adalbert joins the waitlist
      And staff serve Adalbert
      Then every webhook is accepted
      And the receiver has Adalbert's visit as "SERVING"

    Scenario Outline: a creation that arrives <how> is refused and leaves no visit
      Given a Waitwhile account
      And every webhook arrives <how>
      When Beatrix joins the waitlist
      Then the visit.created of Beatrix is refused
      And no answer is a server error
      And the receiver does not know Beatrix's visit

      Examples:
        | how                        |
        | without credentials        |
        | with empty credentials     |
        | with wrong credentials     |
        | with malformed credentials |

    Scenario Outline: a creation that arrives <how>, which is nearly right, is refused and leaves no visit
      Given a Waitwhile account
      And every webhook arrives <how>
      When Cajsa joins the waitlist
      Then the visit.created of Cajsa is refused
      And no answer is a server error
      And the receiver does not know Cajsa's visit

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
      Given a Waitwhile account
      When Dimitar joins the waitlist
      And the effects on Dimitar are noted
      And every webhook arrives <how>
      And Dimitar cancels
      Then the visit.updated of Dimitar is refused
      And no answer is a server error
      And the effects on Dimitar are unchanged
      And the receiver still has Dimitar's visit as "WAITING"

      Examples:
        | how                    |
        | without credentials    |
        | with wrong credentials |

    Scenario: refusing a stranger does not lock the vendor out
      Given a Waitwhile account
      And the next webhook arrives with wrong credentials
      When Eufemia joins the waitlist
      And staff serve Eufemia
      Then the visit.updated of Eufemia is accepted
      And the receiver has Eufemia's visit as "SERVING"

    Scenario: a webhook whose first attempt had wrong credentials is accepted with the right ones
      Given a Waitwhile account
      And attempt 1 of every webhook arrives with wrong credentials
      When Ferenc joins the waitlist
      Then every webhook is accepted
      And the last webhook took 2 attempts
      And the receiver has Ferenc's visit as the vendor has it

    Scenario Outline: a creation that arrives <how>, of several, is refused and leaves no visit
      Given a Waitwhile account
      And every webhook arrives <how>
      When Gratia joins the waitlist
      Then the visit.created of Gratia is refused
      And no answer is a server error
      And the receiver does not know Gratia's visit

      Examples:
        | how                                  |
        | with only its first credential wrong |
        | with only its last credential wrong  |
