using GeoEvents.IntegrationTests.Postgres;

namespace GeoEvents.IntegrationTests.Durability;

/// <summary>One PostgreSQL for all tests that kill services or race writers; each takes a database of its own.</summary>
[CollectionDefinition(Name)]
public sealed class DurabilityServer : IAsyncLifetime, ICollectionFixture<DurabilityServer>
{
    public const string Name = "durability";

    private TestServer? server;

    public async ValueTask InitializeAsync() => server = await TestServer.Start();

    public Task<string> CreateDatabase() => server!.CreateDatabase();

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
