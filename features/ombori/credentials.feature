@ombori @credentials @login-headers
Feature: Ombori: credentials

  @rule:credentials @must
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that checks no credentials lets
    strangers call and cancel tickets.
    Documented: request headers can be configured, for example for authentication; there is no
    signature.
    Source: https://ombori.atlassian.net/wiki/pages/viewpage.action?navigatingVersions=true&pageId=458588166
    Assumed: the header has the name and value that standin.yaml configures; each of several is checked. Any
    4xx is a refusal; 401 and 403 are usual.

    Scenario Outline: a creation that arrives <how> is refused and leaves no position
      Given an Ombori account
      And the next webhook arrives <how>
      When Anna takes a walk-in ticket
      Then the positionCreated of Anna is refused
      And the receiver does not know Anna's position

      Examples:
        | how                        |
        | without credentials        |
        | with empty credentials     |
        | with wrong credentials     |
        | with malformed credentials |

    Scenario Outline: a creation that arrives <how>, which is nearly right, is refused and leaves no position
      Given an Ombori account
      And the next webhook arrives <how>
      When Eirik takes a walk-in ticket
      Then the positionCreated of Eirik is refused
      And the receiver does not know Eirik's position

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
      Given an Ombori account
      And the next positionCancelled arrives <how>
      When Bohdan takes a walk-in ticket
      And the effects on Bohdan are noted
      And Bohdan cancels
      Then the positionCancelled of Bohdan is refused
      And the effects on Bohdan are unchanged
      And the receiver still has Bohdan's position as "pending"

      Examples:
        | how                    |
        | without credentials    |
        | with wrong credentials |

    Scenario: refusing a stranger does not lock the vendor out
      Given an Ombori account
      And the next webhook arrives with wrong credentials
      When Dalia takes a walk-in ticket
      Then the positionCreated of Dalia is refused
      When staff call Dalia
      Then the positionCalled of Dalia is accepted
      And the receiver has Dalia's position as "notified"

    Scenario Outline: a creation that arrives <how>, of several, is refused and leaves no position
      Given an Ombori account
      And every webhook arrives <how>
      When Hyacinth takes a walk-in ticket
      Then the positionCreated of Hyacinth is refused
      And no answer is a server error
      And the receiver does not know Hyacinth's position

      Examples:
        | how                                  |
        | with only its first credential wrong |
        | with only its last credential wrong  |
