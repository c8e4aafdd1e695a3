# Every phrase: standin vendors --steps
@ombori
Feature: Our receiver and Ombori

  Scenario: a walk-in ticket from print to feedback
    Given an Ombori account
    When Anna takes a walk-in ticket
    And 4 minutes pass
    And staff call Anna
    And staff check in Anna
    And 10 minutes pass
    And staff check out Anna
    Then every webhook is accepted
    And the receiver has Anna's position as "completed"

  Scenario: the same call twice is one call
    Given an Ombori account
    And every positionCalled of Anna is delivered twice
    When Anna takes a walk-in ticket
    And staff call Anna
    And Bo takes a walk-in ticket
    And staff call Bo
    Then the effects on Anna equal those on Bo
