using Npgsql;

namespace GeoEvents.IntegrationTests.Postgres;

public class TestServerTests
{
    [Fact]
    public async Task Every_database_is_new_and_gone_in_the_end()
    {
        await using var server = await TestServer.Start();
        var one = await server.CreateDatabase();
        var two = await server.CreateDatabase();
        one.ShouldNotBe(two);

        await using var connection = new NpgsqlConnection(one);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", connection);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }
}
