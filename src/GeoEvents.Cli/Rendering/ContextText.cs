using GeoEvents.Actors;
using GeoEvents.Assessments;
using GeoEvents.Cli.Service;
using GeoEvents.Context;
using GeoEvents.Coverage;

namespace GeoEvents.Cli.Rendering;

/// <summary>What stands around a relationship, as a page to read.</summary>
public static class ContextText
{
    public static void Print(Screen screen, ContextAnswer context)
    {
        screen.Marked($"[bold]{Screen.Safe($"{context.Dyad}")}[/]  {Screen.Safe(string.Join(" and ", context.Actors.Select(a => a.Name)))}");
        screen.Line($"As of {Words.Instant(context.ValidAsOf)}, known at position {context.KnownAsOf.Position}"
            + $"{(context.KnownAsOf.RecordedAt is { } recorded ? $" ({Words.Instant(recorded)})" : "")}. Nothing here enters a number.");
        foreach (var actor in context.Actors)
        {
            Heading($"{actor.Actor} {actor.Name}");
            Fact("Wants", string.Join("; ", actor.Goals));
            Fact("Held back", string.Join("; ", actor.Constraints));
            Fact("Member of", Codes(actor.MemberOf));
            Fact("Members", Codes(actor.Members ?? []));
            Fact("Note", actor.Note ?? "");
            if (actor.Version == 0)
            {
                screen.Line("Nobody has stated what it wants.");
            }
        }

        Heading("Posture and observation");
        Fact("Assessed", Assessed(context.Assessed) ?? "by nobody");
        Fact("Checked", context.LastCheck is { } check ? Checked(check) : "never");
        Stakes(context.Stakes);
        Claims(context.Claims);
        context.Pathways.ToList().ForEach(Pathway);

        void Heading(string text)
        {
            screen.Line();
            screen.Marked($"[bold]{Screen.Safe(text)}[/]");
        }

        void Fact(string name, string text)
        {
            if (text.Length > 0)
            {
                screen.Line($"{name,-11}{text}");
            }
        }

        void Stakes(IReadOnlyList<StakeAnswer> stakes)
        {
            if (stakes.Count == 0)
            {
                return;
            }

            Heading("Stakes");
            var table = new Listing("stake", "held by", "sought by", "", "id");
            foreach (var (stake, contested) in stakes)
            {
                table.AddRow(
                    Screen.Safe(stake.Name),
                    Screen.Safe(string.Join(", ", stake.HeldBy)),
                    Screen.Safe(string.Join(", ", stake.SoughtBy)),
                    contested ? "contested" : "",
                    Screen.Safe(stake.Id));
            }

            screen.Print(table);
        }

        void Claims(IReadOnlyList<ClaimAnswer> claims)
        {
            if (claims.Count == 0)
            {
                return;
            }

            Heading("Influence claims");
            var table = new Listing("by", "likelihood", "confidence", "pushed", "basis");
            foreach (var claim in claims)
            {
                table.AddRow(
                    Screen.Safe($"{claim.Influencer}"),
                    Screen.Safe(claim.LikelihoodWords),
                    claim.Confidence is { } confidence ? Words.Kebab(confidence) : "",
                    Screen.Safe($"{claim.About?.Incident?.Title ?? claim.Incident}{Standing(claim.About)}"),
                    Screen.Safe(claim.Basis));
            }

            screen.Print(table);
        }

        void Pathway(PathwayOnRecord pathway)
        {
            Heading($"Pathway: {pathway.Name}");
            foreach (var step in pathway.Steps)
            {
                screen.Line($"{(step.Id == pathway.Next ? "→" : " ")} {Words.Kebab(step.State),-10} {step.Title}{(step.Due is { } due ? $" (due {due:yyyy-MM-dd}{(step.Overdue ? ", overdue" : "")})" : "")}"
                    + $"{(step is { State: StepState.Done, Proven: false } ? "; its proof no longer stands" : "")}");
                foreach (var proof in step.Proofs)
                {
                    screen.Line($"             by {proof.Id}{(proof.Incident is { } incident ? $": {incident.Title}" : "")}{Standing(proof)}");
                }
            }
        }
    }

    /// <returns>Null if nobody did.</returns>
    public static string? Assessed(AssessmentView? assessment) => assessment is not { } a
        ? null
        : $"{a.Rung} {a.Name} by {a.Author} on {Words.Day(a.MadeAt)}{(a.ExpiresAt is { } until ? $", until {Words.Instant(until)}" : "")}: {a.Reason}"
            + $"{(a.LikelihoodWords is { } words ? $" ({words})" : "")}{(a.Confidence is { } confidence ? $" (confidence {Words.Kebab(confidence)})" : "")}";

    private static string Checked(CheckView check) =>
        $"{Words.Instant(check.From)} to {Words.Instant(check.To)} by {check.Author}, found {(check.Found == Found.Nothing ? "nothing" : "known incidents only")}: {check.Searched}";

    private static string Codes(IEnumerable<Membership> memberships) => string.Join(", ", memberships.Select(m => m.Actor));

    private static string Standing(Reference? reference) => reference?.Standing switch
    {
        ReferenceStanding.Retracted => " (retracted)",
        ReferenceStanding.Merged => " (merged into another)",
        ReferenceStanding.Split => " (split)",
        ReferenceStanding.Missing => " (not on record)",
        ReferenceStanding.AfterValid => " (later)",
        _ => "",
    };
}
