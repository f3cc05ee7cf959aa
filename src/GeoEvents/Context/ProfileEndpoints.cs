using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>The addresses of actors' profiles.</summary>
public static class ProfileEndpoints
{
    public static void MapProfiles(this RouteGroupBuilder workspace)
    {
        var profile = workspace.MapGroup("/actors/{code}/profile").WithTags("context");

        profile.MapGet("", async (
                string workspace, string code, [AsParameters] AsOfQuery at, ProfileReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var view = await reader.Read(workspace, code, await asOfReader.Read(workspace, at, cancel), cancel);
                http.Response.Headers.ETag = $"\"{view.Version}\"";
                return Results.Json(view, GeoJson.Options);
            })
            .Says("Read an actor's profile", "Goals and constraints as stated by K; of a bloc its members, and the blocs it belongs to, whose days cover V. Empty if nobody stated anything.")
            .Produces<ProfileView>();

        profile.MapGet("/history", async (string workspace, string code, [AsParameters] AsOfQuery at, StateReader states, AsOfReader asOf, CancellationToken cancel) => Results.Json(
                await states.History(workspace, StreamKey.Profile(CodeOf(code)), (await asOf.Read(workspace, at, cancel)).Known.Position, cancel)
                    ?? throw RefusedException.NotFound("profile", code),
                GeoJson.Options))
            .Says("Read a profile's history", "Every statement: what, when, by whom and why.")
            .Produces<StreamHistory>();

        profile.MapPut("", async (string code, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<ProfileDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(Reasons.Check(draft.Reason).Concat(draft.Check("")));
                return await recorder.RecordAndAnswer(new StateProfile(Call.Of(http, bytes), CodeOf(code), draft), http);
            })
            .Takes<ProfileDraft>("State an actor's profile", "Whole, in place of what was stated before, which stays readable. Any actor has one, states too. Before the first statement the ETag is \"0\".")
            .NeedsIfMatch()
            .Produces<Profile>(201).Produces<Profile>();
    }

    private static ActorCode CodeOf(string code) => ActorCode.TryParse(code, out var actor) ? actor : throw RefusedException.NotFound("actor", code);
}
