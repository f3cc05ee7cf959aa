using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships;
using GeoEvents.Relationships.Counterfactual;

namespace GeoEvents.Tests.Properties;

/// <summary>Random suppositions of a random record: for the service as an overlay, and for the reader with pencil and paper as an edited list of incidents.</summary>
internal static class Supposing
{
    /// <summary>As an overlay: each incident once at most, unless it is moved and recoded or reattributed as well.</summary>
    public static OverlayChanges Overlay(History history, long known, IEnumerable<Step> steps)
    {
        var standing = history.Held[(int)known].Values.Where(i => i.Counts).Select(i => i.Id).Order(StringComparer.Ordinal).ToList();
        var (drop, move, recode, other, add) = (new List<string>(), new List<Move>(), new List<Recode>(), new List<Reattribution>(), new List<IncidentDraft>());
        foreach (var s in steps)
        {
            if (s.Kind % 5 == 4)
            {
                var content = History.Content(s, $"x{s.Incident}");
                var draft = new IncidentDraft
                {
                    Id = content.Id,
                    Occurred = content.Occurred,
                    Zone = content.Zone,
                    Title = content.Title,
                    Type = content.Type,
                    Cameo = content.Cameo,
                    Links = content.Links,
                    Deaths = content.Deaths,
                    Injured = content.Injured,
                    Intent = content.Intent,
                    Measure = content.Measure,
                    Issues = content.Issues,
                    Reports = History.Drafts(s),
                };
                if (add.All(a => a.Id != draft.Id))
                {
                    add.Add(draft);
                }
            }
            else if (standing.Count > 0)
            {
                var id = standing[s.Incident % standing.Count];
                switch (s.Kind % 5)
                {
                    case 0 when !drop.Contains(id) && move.All(m => m.Id != id) && recode.All(r => r.Id != id) && other.All(o => o.Id != id):
                        drop.Add(id);
                        break;
                    case 1 when !drop.Contains(id) && move.All(m => m.Id != id):
                        move.Add(new Move(id, History.Date(s.A), History.Zone(s.B)));
                        break;
                    case 2 when !drop.Contains(id) && recode.All(r => r.Id != id):
                        recode.Add(new Recode(id, s.B % 3 == 0 ? null : History.TypeName(s.C), s.B % 3 == 0 ? History.CameoCode(s.C) : null));
                        break;
                    case 3 when !drop.Contains(id) && other.All(o => o.Id != id):
                        other.Add(new Reattribution(id, History.LinksOf(s.D)));
                        break;
                }
            }
        }

        return new OverlayChanges(drop, move, recode, other, add);
    }

    /// <summary>What the reader would hold true instead.</summary>
    public static IReadOnlyList<NaiveIncident> ByHand(History history, long known, OverlayChanges changes)
    {
        var held = history.Held[(int)known].Values.Where(i => !changes.Drop!.Contains(i.Id)).ToList();
        for (var i = 0; i < held.Count; i++)
        {
            var (incident, content) = (held[i], held[i].Content);
            var move = changes.Move!.SingleOrDefault(m => m.Id == incident.Id);
            content = move is null ? content : content with { Occurred = move.Occurred, Zone = move.Zone ?? content.Zone };
            content = changes.Recode!.SingleOrDefault(r => r.Id == incident.Id) is { } recode ? content with { Type = recode.Type, Cameo = recode.Cameo } : content;
            content = changes.Reattribute!.SingleOrDefault(r => r.Id == incident.Id) is { } other ? content with { Links = other.Links! } : content;
            var redated = (content.Occurred, content.Zone) != (incident.Content.Occurred, incident.Content.Zone);
            held[i] = incident with { Content = content, Tau = redated ? History.Tau(content, history.Now) : incident.Tau };
        }

        return
        [
            .. held,
            .. changes.Add!.Select(a => new NaiveIncident(
                a.Id, a, History.Tau(a, history.Now), [.. a.Reports.Select((r, n) => history.SourceOf(r.Source).Report($"r{n + 1}", r))], null, false, null, false)),
        ];
    }

    /// <summary>As the service applies it.</summary>
    public static SupposedRecord Apply(History history, long known, params Layer[] layers) =>
        new Overlay(known, history.StatesAt(known), history.Registry, Methods.Shipped).Apply(layers);

    public static RelationshipFold Fold(History history, Dyad dyad, long known, SupposedRecord supposed)
    {
        var real = history.Fold(dyad, DateTimeOffset.MaxValue, known).Impulses;
        return new RelationshipFold(ImpulseList.Of(Hypothetical.Impulses(real, history.Closers(known), Edits(history, dyad, known, supposed))), Methods.Shipped);
    }

    public static IReadOnlyList<Edit> Edits(History history, Dyad dyad, long known, SupposedRecord supposed) =>
        [.. supposed.States.Select(s => Edit.Of(History.Workspace, dyad, History.StreamOf(s.Key), s.Value, Methods.Shipped, closes => history.Meant(closes, known)!.Value))];
}
