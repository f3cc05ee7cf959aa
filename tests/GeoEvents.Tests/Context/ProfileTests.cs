using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Hosting;

namespace GeoEvents.Tests.Context;

public class ProfileTests
{
    private static readonly ActorCode Aze = ActorCode.Parse("AZE");

    private static readonly Actor Bloc = new(
        1, ActorCode.Parse("OTS"), "Organization", ActorKind.Bloc, [new Membership(Aze, new DateOnly(2009, 10, 3), new DateOnly(2025, 7, 2)), new Membership(ActorCode.Parse("TUR"))], null);

    [Theory]
    [InlineData("2009-10-02T23:59:59Z", "", "TUR")]
    [InlineData("2009-10-03T00:00:00Z", "OTS", "AZE TUR")]
    [InlineData("2025-07-02T23:59:59Z", "OTS", "AZE TUR")]
    [InlineData("2025-07-03T00:00:00Z", "", "TUR")]
    public void A_membership_is_shown_from_its_first_day_to_the_end_of_its_last(string valid, string memberOf, string members)
    {
        var asOf = new AsOf(DateTimeOffset.Parse(valid, null), default, Methods.Shipped);
        var state = Actor.Of(States.Find(Aze)!);

        string.Join(' ', ProfileView.Of(state, Profile.Unstated(Aze), [state, Bloc], asOf).MemberOf.Select(m => m.Actor)).ShouldBe(memberOf);
        string.Join(' ', ProfileView.Of(Bloc, Profile.Unstated(Bloc.Code), [state, Bloc], asOf).Members.Select(m => m.Actor)).ShouldBe(members);
    }

    [Fact]
    public void The_same_statement_again_is_no_fact()
    {
        var draft = new ProfileDraft("why", ["weight"], ["balance"]);
        var profile = Profile.After(null, Profile.Unstated(Aze).State(draft).Single(), DateTimeOffset.UnixEpoch);

        profile.State(draft with { Reason = "another" }).ShouldBeEmpty();
        profile.State(draft with { Note = "n" }).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_statement_that_states_nothing_or_something_twice_is_refused_by_field()
    {
        Faults(new ProfileDraft("why")).ShouldBe(["/goals required"]);
        Faults(new ProfileDraft("why", ["a", "", "a"], [new string('x', 501)])).ShouldBe(["/goals/1 required", "/goals/2 repeated", "/constraints/0 too-long"]);
        Faults(new ProfileDraft("why", [.. Enumerable.Range(0, 101).Select(i => $"{i}")])).ShouldBe(["/goals too-many"]);
    }

    private static IEnumerable<string> Faults(ProfileDraft draft) => draft.Check("").Select(p => $"{p.Pointer} {p.Code}");
}
