using GeoEvents.Context;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Imports;

/// <summary>Profiles, stakes, pathways and influence claims that a file brings. What is on record otherwise stays as it is, and the import says so; what is on record as given needs no fact.</summary>
/// <remarks>Recorded before the file's incidents, so that it is there once the import has ended; they may be named all the same.</remarks>
public sealed class ImportContext(Call call, CaseContext context, string import) : Decision(call)
{
    private readonly List<string> conflicts = [];

    /// <summary>What was left as it is or passed over; valid once recorded.</summary>
    public IReadOnlyList<string> Conflicts => conflicts;

    public override IReadOnlyCollection<StreamKey> Streams { get; } = [.. context.Streams.Distinct()];

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        conflicts.Clear();
        var facts = new List<Facts>();
        foreach (var (at, actor, draft) in context.Profiles.DistinctBy(p => p.Actor))
        {
            var stream = StreamKey.Profile(actor);
            var known = record.Find<Profile>(stream);
            var stated = (known ?? Profile.Unstated(actor)).State(draft, import).FirstOrDefault();
            if (known is null || stated is null)
            {
                Take($"profile of {actor}", stream, ContextRules.UnknownActors(record, [(actor, at)]), () => stated);
            }
            else
            {
                conflicts.Add(Otherwise($"the profile of {actor}"));
            }
        }

        foreach (var (i, stake) in context.Stakes.Index().DistinctBy(s => s.Item.Id))
        {
            var stream = StreamKey.Stake(stake.Id);
            Take($"stake '{stake.Id}'", stream, StakeRules.Unknown(stake, record, $"/stakes/{i}", coming: context.Coming), () => Stake.Register(stake, record.Find<Stake>(stream), import));
        }

        foreach (var (i, pathway) in context.Pathways.Index().DistinctBy(p => p.Item.Id))
        {
            var stream = StreamKey.Pathway(pathway.Id);
            Take(
                $"pathway '{pathway.Id}'", stream, PathwayRules.Unknown(pathway, record, $"/pathways/{i}", context.Coming), () => Pathway.LayOut(pathway, record.Find<Pathway>(stream), import));
        }

        foreach (var (i, claim) in context.Claims.Index().DistinctBy(c => c.Item.Id))
        {
            var stream = StreamKey.InfluenceClaim(claim.Id);
            Take(
                $"influence claim '{claim.Id}'",
                stream,
                InfluenceClaimRules.Unknown(claim, record, $"/influenceClaims/{i}", context.Coming),
                () => InfluenceClaim.Make(claim, record.Find<InfluenceClaim>(stream), import));
        }

        return facts;

        void Take(string name, StreamKey stream, IEnumerable<FieldProblem> unknown, Func<object?> decide)
        {
            try
            {
                if (decide() is not { } fact)
                {
                    return;
                }

                if (unknown.FirstOrDefault() is { } problem)
                {
                    conflicts.Add($"The file's {name} was passed over: {problem.Pointer}: {problem.Detail}");
                    return;
                }

                facts.Add(new Facts(stream, [fact]));
            }
            catch (RefusedException)
            {
                conflicts.Add(Otherwise(name));
            }
        }

        static string Otherwise(string name) => $"The file describes {name} otherwise than the record, which was left as it is.";
    }
}
