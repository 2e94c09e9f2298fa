using System.Text.Json;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>
/// Issue 2: real photos through real processes. Expected values are what exiftool 12.57 prints of the files (-GPSLongitude
/// -GPSLatitude -RelativeAltitude, -n) and the camera's geometry, not output of Field.
/// </summary>
public sealed class RealFlightJourneyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task Phantom3_flight_is_stored_and_placed_under_the_camera()
    {
        IReadOnlyList<JsonElement> photos = await FlyAsync("drone/dji_phantom3_xmp");
        Assert.Equal(8, photos.Count);
        foreach (JsonElement photo in photos)
        {
            JsonElement properties = photo.GetProperty("properties");
            (double lon, double lat, double heightM) = Phantom[properties.GetProperty("name").GetString()!];
            Assert.Equal("measured", properties.GetProperty("placement").GetString());
            (double Lon, double Lat)[] ring = Ring(photo);
            (double centreLon, double centreLat) = (ring[..4].Average(p => p.Lon), ring[..4].Average(p => p.Lat));
            Assert.InRange(DistanceM(centreLon, centreLat, lon, lat), 0, 2);

            // FC300S: 3.6 mm lens; its 1/2.3" sensor is 6.17 mm wide (Sony IMX377 class, as in the Phantom 3 data sheet's 94 degree
            // field of view); width on the ground = height * 6.17 / 3.6.
            double expected = heightM * 6.17 / 3.6;
            double width = Math.Max(DistanceM(ring[0].Lon, ring[0].Lat, ring[1].Lon, ring[1].Lat), DistanceM(ring[1].Lon, ring[1].Lat, ring[2].Lon, ring[2].Lat));
            Assert.InRange(width, expected * 0.95, expected * 1.05);
        }
    }

    [Fact]
    public async Task Canon_flight_without_xmp_is_stored_and_flagged_as_assumed()
    {
        IReadOnlyList<JsonElement> photos = await FlyAsync("drone/canon_fixedwing_cc0");
        Assert.Equal(4, photos.Count);
        Assert.All(photos, photo =>
        {
            JsonElement properties = photo.GetProperty("properties");
            Assert.Equal("assumed", properties.GetProperty("placement").GetString());
            Assert.NotEmpty(properties.GetProperty("assumptions").EnumerateArray());
            Assert.Equal("Polygon", photo.GetProperty("geometry").GetProperty("type").GetString());
        });
    }

    private static async Task<IReadOnlyList<JsonElement>> FlyAsync(string flight)
    {
        string card = SharedData.Path(flight);
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        await using FieldProcess agent = Agent.Start(card, server.Mqtt, folder["outbox"]);
        Assert.True(await agent.ExitAsync(Limit) == 0, agent.Output);
        IReadOnlyList<JsonElement> photos = await server.ScoredPhotosAsync(Limit);
        foreach (JsonElement photo in photos)
        {
            string photoId = photo.GetProperty("properties").GetProperty("photoId").GetString()!;
            Assert.Equal(photoId, await server.StoredSha256Async(photoId));
            Assert.Equal("scored", photo.GetProperty("properties").GetProperty("state").GetString());
        }

        return photos;
    }

    private static (double Lon, double Lat)[] Ring(JsonElement photo) =>
        [.. photo.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Select(c => (c[0].GetDouble(), c[1].GetDouble()))];

    /// <summary>On a sphere of the mean radius: within 0.4 % at these latitudes, far below the tolerances.</summary>
    private static double DistanceM(double lon1, double lat1, double lon2, double lat2)
    {
        const double MetresPerDegree = 111_195;
        return double.Hypot((lon1 - lon2) * MetresPerDegree * Math.Cos(double.DegreesToRadians(lat1)), (lat1 - lat2) * MetresPerDegree);
    }

    private static readonly Dictionary<string, (double Lon, double Lat, double HeightM)> Phantom = new()
    {
        ["DJI_0018.JPG"] = (-91.9945598888889, 46.8426070833333, 39.80),
        ["DJI_0019.JPG"] = (-91.9944272777778, 46.8426906666667, 40.10),
        ["DJI_0020.JPG"] = (-91.9942993888889, 46.8427775833333, 40.10),
        ["DJI_0021.JPG"] = (-91.9941766388889, 46.8428651388889, 40.10),
        ["DJI_0022.JPG"] = (-91.9940517222222, 46.8429515833333, 40.00),
        ["DJI_0026.JPG"] = (-91.9939543888889, 46.84269025, 40.10),
        ["DJI_0029.JPG"] = (-91.9943333888889, 46.8424339166667, 40.10),
        ["DJI_0030.JPG"] = (-91.9940841666667, 46.8422816111111, 40.10),
    };
}
