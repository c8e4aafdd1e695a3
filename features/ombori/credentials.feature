@ombori @credentials
Feature: Ombori: credentials
  Whoever finds the URL can post to it, so a receiver that looks at no credentials lets strangers
  call and cancel tickets. Documented: request headers can be configured, for authentication among
  other things; there is no signature. Assumed: the header's name and value are the ones configured
  for the run. Any 4xx refuses; 401 and 403 are the usual ones.

  Scenario Outline: a creation that arrives <how> is refused and leaves no position
    Given an Ombori account
    And the next webhook arrives <how>
    When Anna takes a walk-in ticket
    Then the last webhook is refused
    And the receiver does not know Anna's position

    Examples:
      | how                        |
      | without credentials        |
      | with empty credentials     |
      | with wrong credentials     |
      | with malformed credentials |

  Scenario Outline: a cancellation that arrives <how> is refused and changes nothing
    Given an Ombori account
    And the next positionCancelled arrives <how>
    When Bohdan takes a walk-in ticket
    And the effects on Bohdan are noted
    And Bohdan cancels
    Then the last webhook is refused
    And the effects on Bohdan are unchanged
    And the receiver still has Bohdan's position as "pending"

    Examples:
      | how                    |
      | without credentials    |
      | with wrong credentials |

  Scenario: a refusal of a stranger does not keep the vendor out
    Given an Ombori account
    And the next webhook arrives with wrong credentials
    When Dalia takes a walk-in ticket
    Then the last webhook is refused
    When staff call Dalia
    Then the last webhook is accepted
    And the receiver has Dalia's position as "notified"
