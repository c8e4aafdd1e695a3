no gherkin
