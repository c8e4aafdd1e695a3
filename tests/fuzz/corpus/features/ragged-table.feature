Feature: a
  Scenario Outline: b <x>
    Given an <x> account
    Examples:
      | x | y |
      | ombori |
      | doo | 1 | 2 |
