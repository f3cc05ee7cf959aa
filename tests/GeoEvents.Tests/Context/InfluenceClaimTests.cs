using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Context;

public class InfluenceClaimTests
{
    private static readonly DateTimeOffset Now = new(2025, 7, 2, 15, 0, 0, TimeSpan.Zero);

    private static readonly InfluenceClaimContent Content = new()
    {
        Id = "c",
        Incident = "i",
        Influencer = ActorCode.Parse("USA"),
        Likelihood = [0.05, 0.2],
        Confidence = AnalyticConfidence.Low,
        Basis = "A blog",
    };

    [Fact]
    public void Likelihood_is_worded_and_confidence_stands_apart_from_it()
    {
        var view = new InfluenceClaimView(InfluenceClaim.After(null, InfluenceClaim.Make(Content, null)!, Now));

        (view.LikelihoodWords, view.Confidence).ShouldBe(("very unlikely", AnalyticConfidence.Low));
    }

    [Fact]
    public void A_withdrawn_claim_takes_no_amendment()
    {
        var claim = InfluenceClaim.After(null, InfluenceClaim.Make(Content, null)!, Now);
        var withdrawn = InfluenceClaim.After(claim, claim.Withdraw("no basis").Single(), Now);

        withdrawn.Withdrawn.ShouldBeTrue();
        withdrawn.Withdraw("again").ShouldBeEmpty();
        Should.Throw<RefusedException>(() => withdrawn.Amend(Content with { Basis = "Two blogs" }, "why").ToList()).Code.ShouldBe("claim-withdrawn");
    }

    [Fact]
    public void A_judgement_needs_a_likelihood_a_confidence_and_a_basis() =>
        InfluenceClaimRules.Check(new InfluenceClaimContent { Id = "c" }, "").Select(p => $"{p.Pointer} {p.Code}")
            .ShouldBe(["/incident required", "/influencer required", "/likelihood required", "/confidence required", "/basis required"]);

    [Fact]
    public void An_amendment_of_anything_else_than_the_judgement_names_no_such_field() =>
        new Amendment("why", new Dictionary<string, System.Text.Json.JsonElement> { ["incident"] = default, ["basis"] = default })
            .Check(InfluenceClaimRules.Amendable).Select(p => $"{p.Pointer} {p.Code}").ShouldBe(["/changes/incident unknown-field"]);
}
