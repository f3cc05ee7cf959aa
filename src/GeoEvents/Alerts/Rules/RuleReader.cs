using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Alerts.Rules;

/// <summary>Reads rules as they were on record at a position.</summary>
public sealed class RuleReader(StateReader states)
{
    /// <summary>By id.</summary>
    public async Task<IReadOnlyList<Rule>> All(string workspace, long known, CancellationToken cancel) =>
        [.. (await states.All<Rule, RuleEvent>(workspace, known, cancel)).OrderBy(r => r.Id, StringComparer.Ordinal)];

    /// <param name="dyad">Those that watch it; null is any.</param>
    /// <param name="enabled">Those of which a version watches, or none does; null is either.</param>
    public async Task<IReadOnlyList<Rule>> Find(string workspace, Dyad? dyad, bool? enabled, long known, CancellationToken cancel) =>
        [.. from rule in await All(workspace, known, cancel)
            where enabled is null || enabled == rule.Enabled is not null
            where dyad is not { } pair || (rule.Watching ?? rule.Latest).Rule.Scope.Covers(pair)
            select rule];

    /// <exception cref="RefusedException">It was not on record then (404).</exception>
    public async Task<Rule> Read(string workspace, string id, long known, CancellationToken cancel) =>
        await Find(workspace, id, known, cancel) ?? throw RefusedException.NotFound("rule", id);

    /// <returns>Null if it was not on record then.</returns>
    public Task<Rule?> Find(string workspace, string id, long known, CancellationToken cancel) => states.Find<Rule>(workspace, StreamKey.AlertRule(id), known, cancel);
}
