Feature: a
  Rule:
    Scenario:
      Given an ombori account
