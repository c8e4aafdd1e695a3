# Every phrase: standin vendors --steps
@waitwhile
Feature: Our receiver and Waitwhile

  Scenario: when a guest is served, everybody behind moves up
    Given a Waitwhile account
    When Anna joins the waitlist with a party of 2
    And Bo joins the waitlist
    And Cleo joins the waitlist
    And 4 minutes pass
    And staff serve Anna
    Then every webhook is accepted
    And the receiver has Anna's visit as "SERVING"
    And the receiver has Cleo's visit with:
      | field    | value |
      | position | 2     |

  Scenario: the same serve twice is one serve
    Given a Waitwhile account
    And every visit.updated of Anna is delivered twice
    When Anna joins the waitlist
    And staff serve Anna
    And Bo joins the waitlist
    And staff serve Bo
    Then the effects on Anna equal those on Bo
