using CsCheck;
using GeoEvents.Assessments;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Tests.Assessments;

public class PostureAssessmentsTests
{
    private static readonly Dyad Pair = Dyad.Parse("AZE-RUS");
    private static readonly DateTimeOffset Start = new(2025, 7, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_last_that_holds_is_in_force()
    {
        var all = Record((0, Draft(4)), (1, Draft(6, expires: 3)), (2, Draft(5, expires: 10)));

        InForce(all, -1).ShouldBeNull("it was not made yet");
        InForce(all, 0).ShouldBe("a1", "from the instant at which it was made");
        InForce(all, 1).ShouldBe("a2");
        InForce(all, 2).ShouldBe("a3");
        InForce(all, 3).ShouldBe("a3");
        InForce(all, 10).ShouldBe("a1", "what expires lets the one before it hold again, and the instant of expiry is out");
    }

    [Fact]
    public void A_withdrawn_one_was_never_in_force_as_known_now_and_still_was_as_known_before()
    {
        var before = Record((0, Draft(4)), (1, Draft(6)));
        var after = PostureAssessments.After(before, (AssessmentEvent)before.Withdraw("a2", "wrong").Single(), Start.AddDays(2));

        InForce(before, 1).ShouldBe("a2");
        InForce(after, 1).ShouldBe("a1");
        after.Withdraw("a2", "wrong again").ShouldBeEmpty();
        Should.Throw<RefusedException>(() => after.Withdraw("a3", "no such").ToList()).Code.ShouldBe("assessment-not-found");
    }

    [Fact]
    public void The_same_again_by_the_same_author_is_no_fact_while_it_is_in_force()
    {
        var all = Record((0, Draft(4, expires: 5)));

        all.Assess(Draft(4, expires: 5), "ana", Start.AddDays(1)).ShouldBeEmpty();
        all.Assess(Draft(4, expires: 5), "ben", Start.AddDays(1)).ShouldHaveSingleItem();
        all.Assess(Draft(4, expires: 5), "ana", Start.AddDays(5)).ShouldHaveSingleItem();
        all.Assess(Draft(5, expires: 5), "ana", Start.AddDays(1)).ShouldHaveSingleItem();
    }

    /// <summary>Whatever is made, withdrawn and expires: what is in force is the last in the list of those that a plain reading of the three conditions leaves.</summary>
    [Fact]
    public void What_is_in_force_follows_from_the_three_conditions_alone() => Gen.Select(Gen.Int[0, 9], Gen.Int[-1, 6], Gen.Bool).Array[0, 8].Sample(made =>
    {
        var all = Record([.. made.Select((m, i) => (i, Draft(m.Item1, m.Item2 < 0 ? null : i + 1 + m.Item2)))]);
        all = made.Index().Where(m => m.Item.Item3).Aggregate(all, (state, m) =>
            state.Withdraw($"a{m.Index + 1}", "x").Aggregate(state, (s, fact) => PostureAssessments.After(s, fact, Start.AddDays(50))));
        for (var day = 0; day < 20; day++)
        {
            var expected = made.Index().Where(m => m.Index <= day && !m.Item.Item3 && (m.Item.Item2 < 0 || m.Index + 1 + m.Item.Item2 > day)).Select(m => $"a{m.Index + 1}").LastOrDefault();
            InForce(all, day).ShouldBe(expected);
        }
    });

    [Theory]
    [InlineData(null, null, null, "/posture required")]
    [InlineData(10, null, null, "/posture out-of-range")]
    [InlineData(-1, null, null, "/posture out-of-range")]
    [InlineData(3, 0, null, "/expiresAt out-of-range")]
    [InlineData(3, null, "0.5", "/likelihood out-of-range")]
    [InlineData(3, null, "0.6 0.5", "/likelihood out-of-range")]
    [InlineData(3, null, "-0.1 0.5", "/likelihood out-of-range")]
    [InlineData(3, null, "", "/likelihood out-of-range")]
    public void A_draft_that_is_no_assessment_is_refused_by_field(int? posture, int? expires, string? likelihood, string fault) =>
        (Draft(3, expires, likelihood) with { Posture = posture }).Check(Start).Select(p => $"{p.Pointer} {p.Code}").ShouldBe([fault]);

    private static string? InForce(PostureAssessments all, int day) => all.InForceAt(Start.AddDays(day))?.Fact.Id;

    private static PostureAssessments Record(params (int Day, AssessmentDraft Draft)[] drafts) => drafts.Aggregate(
        PostureAssessments.None(Pair),
        (state, made) => PostureAssessments.After(
            state,
            new PostureAssessed(Pair, $"a{state.All.Count + 1}", made.Draft.Posture!.Value, made.Draft.Reason, "ana", made.Draft.ExpiresAt, made.Draft.Likelihood, null),
            Start.AddDays(made.Day)));

    private static AssessmentDraft Draft(int posture, int? expires = null, string? likelihood = null) => new(
        posture,
        "why",
        expires is { } day ? Start.AddDays(day) : null,
        likelihood?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToList());
}
