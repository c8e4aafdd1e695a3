@waitwhile
Feature: Waitwhile: duplicates

  @rule:duplicates @must
  Rule: A webhook that arrives twice has its effects once
    Why: A webhook that arrives twice must not call a guest twice. The receiver may accept or refuse
    a duplicate, but must not answer with a server error.
    Documented: each webhook has its own id in the envelope.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Documented: a failed attempt is repeated up to three times.
    Source: https://developers.waitwhile.com/docs/webhooks-1
    Assumed: a retry has the same id and the same bytes, so the id shows that it is a duplicate. Two
    webhooks that look alike but have two ids are two changes.

    Scenario: a visit whose webhooks all arrive twice has its effects once
      Given a Waitwhile account
      And every webhook of Anna is delivered twice
      When Anna joins the waitlist
      And staff serve Anna
      And staff complete Anna
      And Bo joins the waitlist
      And staff serve Bo
      And staff complete Bo
      Then the effects on Anna equal those on Bo
      And no answer is a server error
      And the receiver has Anna's visit as "COMPLETE"

    Scenario: a visit whose webhooks all arrive twice at the same instant has its effects once
      Given a Waitwhile account
      And every webhook of Cosmin is delivered twice at the same instant
      When Cosmin joins the waitlist
      And staff serve Cosmin
      And staff complete Cosmin
      And Dunja joins the waitlist
      And staff serve Dunja
      And staff complete Dunja
      Then the effects on Cosmin equal those on Dunja
      And no answer is a server error
      And the receiver has Cosmin's visit as "COMPLETE"

    Scenario: a booking whose webhooks all arrive twice has its effects once
      Given a Waitwhile account
      And every webhook of Esmeralda is delivered twice
      When Esmeralda books a slot in 2 hours
      And Esmeralda cancels
      And Fintan books a slot in 3 hours
      And Fintan cancels
      Then the effects on Esmeralda equal those on Fintan
      And the receiver has Esmeralda's visit as "COMPLETE"

    Scenario: a creation that arrives five times creates one guest
      Given a Waitwhile account
      And every visit.created of Gunnar is delivered 5 times
      When Gunnar joins the waitlist
      And Hedda joins the waitlist
      Then the effects on Gunnar equal those on Hedda
      And no answer is a server error
      And the receiver has Gunnar's visit as the vendor has it

    Scenario: a creation that arrives five times at the same instant creates one guest
      Given a Waitwhile account
      And every visit.created of Isaura is delivered 5 times at the same instant
      When Isaura joins the waitlist
      And Jean-Luc joins the waitlist
      Then the effects on Isaura equal those on Jean-Luc
      And no answer is a server error
      And the receiver has Isaura's visit as "WAITING"

    Scenario: a serve that arrives again at the same instant calls the guest once
      Given a Waitwhile account
      When Katinka joins the waitlist
      And the next visit.updated of Katinka is delivered 4 times at the same instant
      And staff serve Katinka
      And Lamine joins the waitlist
      And staff serve Lamine
      Then the effects on Katinka equal those on Lamine
      And the receiver has Katinka's visit as "SERVING"

    Scenario: a creation that arrives again after the serve is ignored
      Given a Waitwhile account
      When Maëlle joins the waitlist
      And staff serve Maëlle
      And the effects on Maëlle are noted
      And the visit.created of Maëlle is delivered again
      Then the effects on Maëlle are unchanged
      And no answer is a server error
      And the receiver still has Maëlle's visit as "SERVING"
      And the receiver has Maëlle's visit as the vendor has it

    Scenario: a creation that arrives again a day later is ignored
      Given a Waitwhile account
      When Niilo joins the waitlist
      And staff serve Niilo
      And staff complete Niilo
      And 24 hours pass
      And the effects on Niilo are noted
      And the first webhook of Niilo is delivered again
      Then the effects on Niilo are unchanged
      And the receiver still has Niilo's visit as "COMPLETE"

    Scenario: a completion that arrives again changes nothing
      Given a Waitwhile account
      When Oriol joins the waitlist
      And staff serve Oriol
      And staff complete Oriol
      And the effects on Oriol are noted
      And the visit.updated of Oriol is delivered again
      Then the effects on Oriol are unchanged
      And no answer is a server error
      And the receiver still has Oriol's visit as "COMPLETE"

    Scenario: a booking whose creation arrives again after a reschedule keeps its new date
      Given a Waitwhile account
      When Perpetua books a slot in 2 hours
      And Perpetua reschedules to a slot in 5 hours
      And the effects on Perpetua are noted
      And the visit.created of Perpetua is delivered again
      Then the effects on Perpetua are unchanged
      And the receiver has Perpetua's visit as the vendor has it

    Scenario: two webhooks with the same answer of a guest are both applied
      Given a Waitwhile account
      When Ragna joins the waitlist
      And Ragna cancels
      And staff restore Ragna to the waitlist
      And Ragna cancels
      Then every webhook is accepted
      And the receiver still has Ragna's visit as "COMPLETE"
      And the receiver has Ragna's visit as the vendor has it

    Scenario: a guest who is served a second time is notified a second time
      Given a Waitwhile account
      And every webhook of Seppo is delivered twice
      When Seppo joins the waitlist
      And staff serve Seppo
      And staff complete Seppo
      And staff restore Seppo to the waitlist
      And staff serve Seppo
      And Teodora joins the waitlist
      And staff serve Teodora
      And staff complete Teodora
      And staff restore Teodora to the waitlist
      And staff serve Teodora
      Then the effects on Seppo equal those on Teodora
      And the receiver still has Seppo's visit as "SERVING"

    Scenario: webhooks of the whole account that all arrive twice leave everything as it is
      Given a Waitwhile account
      And every webhook is delivered twice
      When Uwe joins the waitlist
      And Valeska books a slot in 2 hours
      And Wilhelmina joins the waitlist
      And staff serve Uwe
      Then no answer is a server error
      And the receiver has Uwe's visit as the vendor has it
      And the receiver has Valeska's visit as the vendor has it
      And the receiver has Wilhelmina's visit as the vendor has it
