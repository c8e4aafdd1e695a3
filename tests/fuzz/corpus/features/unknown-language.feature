# language: xx
Feature: a
