Feature: f
  Scenario Outline: s
    Given an Ombori account
    When <a> takes a walk-in ticket
  Examples:
    | b |
    | Anna |
