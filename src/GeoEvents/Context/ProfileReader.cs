using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>An actor's profile at one point: what is stated of it, and what it belongs to.</summary>
/// <param name="Name">Of the actor, as known at K.</param>
/// <param name="Members">Of a bloc, those at V.</param>
/// <param name="MemberOf">The actors that have it as a member at V.</param>
/// <param name="Version">How many facts the profile holds; the ETag. 0 if nothing was stated.</param>
public sealed record ProfileView(
    ActorCode Actor,
    string Name,
    ActorKind Kind,
    [property: KeepEmpty] IReadOnlyList<string> Goals,
    [property: KeepEmpty] IReadOnlyList<string> Constraints,
    string? Note,
    IReadOnlyList<Membership> Members,
    [property: KeepEmpty] IReadOnlyList<Membership> MemberOf,
    DateTimeOffset ValidAsOf,
    LogPosition KnownAsOf,
    string Shown,
    long Version,
    DateTimeOffset? RecordedAt)
{
    /// <param name="all">Every actor known at K.</param>
    public static ProfileView Of(Actor actor, Profile profile, IReadOnlyList<Actor> all, AsOf asOf)
    {
        var day = DateOnly.FromDateTime(asOf.Valid.UtcDateTime);
        return new ProfileView(
            actor.Code,
            actor.Name,
            actor.Kind,
            profile.Goals,
            profile.Constraints,
            profile.Note,
            [.. actor.Members.Where(Covers)],
            [.. from bloc in all from member in bloc.Members where member.Actor == actor.Code && Covers(member) select member with { Actor = bloc.Code }],
            asOf.Valid,
            asOf.Known,
            asOf.Shown,
            profile.Version,
            profile.RecordedAt);

        bool Covers(Membership membership) => !(membership.From > day) && !(membership.To < day);
    }
}

/// <summary>Reads actors' profiles.</summary>
public sealed class ProfileReader(StateReader states, RegistryReader registry)
{
    /// <exception cref="RefusedException">The actor was not on record then (404).</exception>
    public async Task<ProfileView> Read(string workspace, string code, AsOf asOf, CancellationToken cancel)
    {
        var all = await registry.Actors(workspace, asOf.Known.Position, cancel);
        return await Read(workspace, all.FirstOrDefault(a => a.Code.ToString() == code) ?? throw RefusedException.NotFound("actor", code), all, asOf, cancel);
    }

    /// <summary>The profiles of both sides, as far as they were on record then.</summary>
    public async Task<IReadOnlyList<ProfileView>> Both(string workspace, Dyad dyad, AsOf asOf, CancellationToken cancel)
    {
        var all = await registry.Actors(workspace, asOf.Known.Position, cancel);
        var both = new List<ProfileView>();
        foreach (var actor in all.Where(a => a.Code == dyad.First || a.Code == dyad.Second))
        {
            both.Add(await Read(workspace, actor, all, asOf, cancel));
        }

        return both;
    }

    private async Task<ProfileView> Read(string workspace, Actor actor, IReadOnlyList<Actor> all, AsOf asOf, CancellationToken cancel) => ProfileView.Of(
        actor,
        await states.Find<Profile>(workspace, StreamKey.Profile(actor.Code), asOf.Known.Position, cancel) ?? Profile.Unstated(actor.Code),
        all,
        asOf);
}
