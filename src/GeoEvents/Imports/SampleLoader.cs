using GeoEvents.Coding;

namespace GeoEvents.Imports;

/// <summary>Loads a sample case that ships with the service, before the service listens. Loading it again changes nothing.</summary>
public sealed class SampleLoader(string sample, string workspace, ImportRunner runner, TimeProvider clock, ILogger<SampleLoader> logger) : IHostedService
{
    public const string DefaultWorkspace = "main";

    public static IReadOnlyList<string> Samples { get; } = ["south-caucasus"];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var file = EmbeddedData.Open($"{sample}.json");
        var import = new Import
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Format = "case",
            Name = $"{sample}.json",
            User = "sample",
            CreatedAt = Microseconds.Floor(clock.GetUtcNow()),
        }.Begin(clock.GetUtcNow());
        var loaded = await runner.Run(import, workspace, file, turn: null, cancellationToken);
        logger.LogInformation("Sample {Sample}: {Taken} incidents taken, {Known} known.", sample, loaded.Taken, loaded.Known);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
