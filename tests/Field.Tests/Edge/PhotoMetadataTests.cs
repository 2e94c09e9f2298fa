using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Photos;
using Field.EdgeAgent.View;

namespace Field.Tests.Edge;

/// <summary>
/// Figures of exiftool 12.57 for the real photos: <c>exiftool -n -csv -GPSLongitude -GPSLatitude -GPSAltitude -RelativeAltitude
/// -GimbalYawDegree -GimbalPitchDegree -FlightYawDegree -FlightPitchDegree -FlightRollDegree ...</c>.
/// </summary>
public sealed class PhotoMetadataTests
{
    private const double DegreeTolerance = 1e-9;

    private static readonly TimeZoneInfo Duluth = TimeZoneInfo.CreateCustomTimeZone("d", TimeSpan.FromHours(-5), "d", "d");

    [Theory]
    [InlineData("0018", -91.9945598888889, 46.8426070833333, 198.309, 39.80, 45.00, -89.90, 46.00, 1.80, 3.00, 59)]
    [InlineData("0019", -91.9944272777778, 46.8426906666667, 198.609, 40.10, 42.80, -89.90, 40.10, 1.20, 0.40, 66)]
    [InlineData("0020", -91.9942993888889, 46.8427775833333, 198.609, 40.10, 44.20, -89.90, 42.80, 0.90, 1.10, 73)]
    [InlineData("0021", -91.9941766388889, 46.8428651388889, 198.609, 40.10, 45.00, -90.00, 44.00, 0.10, 1.80, 80)]
    [InlineData("0022", -91.9940517222222, 46.8429515833333, 198.509, 40.00, 45.30, -90.00, 45.60, -1.90, 2.30, 87)]
    [InlineData("0026", -91.9939543888889, 46.84269025, 198.609, 40.10, -132.00, -89.90, -129.90, -1.80, 0.40, 117)]
    [InlineData("0029", -91.9943333888889, 46.8424339166667, 198.609, 40.10, -131.40, -89.90, -129.20, -2.30, -0.80, 138)]
    [InlineData("0030", -91.9940841666667, 46.8422816111111, 198.609, 40.10, 44.20, -89.90, 46.20, 1.30, 2.90, 147)]
    public void Phantom_photo_gives_the_figures_of_exiftool(
        string number, double lon, double lat, double altitude, double relative, double yaw, double pitch, double flightYaw, double flightPitch, double flightRoll, int second)
    {
        PhotoMetadata m = Read($"drone/dji_phantom3_xmp/DJI_{number}.JPG");
        Assert.Equal(lon, m.Place!.Value.Lon, DegreeTolerance);
        Assert.Equal(lat, m.Place.Value.Lat, DegreeTolerance);
        Assert.Equal(altitude, m.Place.Value.AltitudeM!.Value, 1e-6);
        CameraMetadata expected = new()
        {
            Make = "DJI",
            Model = "FC300S",
            WidthPx = 4000,
            HeightPx = 2250,
            ExifWidthPx = 4000,
            FocalMm = 3.61,
            Focal35Mm = 20,
            GpsAltitudeM = m.Camera.GpsAltitudeM,
            RelativeAltitudeM = relative,
            GimbalYawDeg = yaw,
            GimbalPitchDeg = pitch,
            GimbalRollDeg = 0,
            FlightYawDeg = flightYaw,
            FlightPitchDeg = flightPitch,
            FlightRollDeg = flightRoll,
        };
        Assert.Equal(expected, m.Camera);
        Assert.Equal(new DateTimeOffset(2016, 6, 23, 16, 31, 0, TimeSpan.FromHours(-5)).AddSeconds(second), m.CapturedAt);
        Assert.True(m.CapturedAtAssumed);
    }

    [Theory]
    [InlineData("0450", -83.3046963000028, 41.0352376, 284.501006, 59.152, "13:37:52")]
    [InlineData("0483", -83.3057237999889, 41.0370545, 282.6459948, 222.9286957, "13:41:24")]
    [InlineData("0516", -83.3056653000056, 41.0346618000067, 283.6579892, 66.98870056, "13:45:09")]
    [InlineData("0549", -83.3065006999694, 41.0360701000122, 283.5929878, 62.17433888, "13:49:43")]
    public void Canon_photo_gives_the_figures_of_exiftool(string number, double lon, double lat, double altitude, double track, string time)
    {
        PhotoMetadata m = Read($"drone/canon_fixedwing_cc0/IMG_{number}.jpg");
        Assert.Equal(lon, m.Place!.Value.Lon, DegreeTolerance);
        Assert.Equal(lat, m.Place.Value.Lat, DegreeTolerance);
        Assert.Equal(altitude, m.Camera.GpsAltitudeM!.Value, 1e-6);
        Assert.Equal(track, m.Camera.GpsTrackDeg!.Value, 1e-6);
        Assert.Equal(16393.44262, m.Camera.FocalPlaneXResolution!.Value, 1e-4);
        CameraMetadata expected = new()
        {
            Make = "Canon",
            Model = "Canon PowerShot ELPH 300 HS",
            WidthPx = 3600,
            HeightPx = 2700,
            ExifWidthPx = 4000,
            FocalMm = 4.3,
            FocalPlaneUnitMm = 25.4,
            FocalPlaneXResolution = m.Camera.FocalPlaneXResolution,
            GpsAltitudeM = m.Camera.GpsAltitudeM,
            GpsTrackDeg = m.Camera.GpsTrackDeg,
        };
        Assert.Equal(expected, m.Camera);
        Assert.Equal($"2013-06-04T{time}-05:00", WireTime.Format(m.CapturedAt!.Value));
    }

    [Fact]
    public void Sample_photos_of_many_cameras_all_give_a_manifest_that_is_accepted()
    {
        string[] files = Directory.GetFiles(SharedData.Path("conformance/exif_samples"), "*.*", SearchOption.AllDirectories);
        int withPlace = 0;
        foreach (string path in files.Where(f => Path.GetFileName(f) != "README"))
        {
            PhotoMetadata metadata = ReadFile(path);
            withPlace += metadata.Place is null ? 0 : 1;
            AssertAccepted(PhotoReader.Manifest(SourceFile.Stat(path)!, new string('a', 64), metadata));
        }

        Assert.Equal(46, files.Length - 4 - 7); // 57 files: 4 README, 7 TIFF, which a card's JPEG may turn out to be
        Assert.True(withPlace >= 9, $"{withPlace} with a place"); // the nine of jpg/gps
    }

    [Fact]
    public void Damaged_photos_never_keep_the_evidence_on_the_card()
    {
        byte[] head = File.ReadAllBytes(SharedData.Path("drone/dji_phantom3_xmp/DJI_0018.JPG"))[..60_000];
        Random random = new(8);
        for (int i = 0; i < 1000; i++)
        {
            byte[] damaged = [.. head.AsSpan(0, i % 3 == 0 ? random.Next(head.Length) : head.Length)];
            for (int edits = random.Next(1, 40); edits > 0 && damaged.Length > 0; edits--)
            {
                damaged[random.Next(Math.Min(damaged.Length, i % 2 == 0 ? 2000 : 50_000))] = (byte)random.Next(256);
            }

            using MemoryStream stream = new(damaged);
            PhotoMetadata metadata = PhotoMetadataReader.Read(stream, Duluth);
            AssertAccepted(PhotoReader.Manifest(new SourceFile("/card/DJI.JPG", 60_000, 1), new string('a', 64), metadata));
        }
    }

    [Theory]
    [InlineData("Normal", 7.6)]
    [InlineData("TooClose", null)]
    public void Rtk_and_laser_of_dji_are_read_with_their_errors(string status, double? distanceM)
    {
        Field.Demo.Synthetic.PhotoMetadata photo = new(138.45, 34.75, 61.1, 5.5, 78, -90, 2773.5, 2400, 1800, 0.02, 0.03, DateTimeOffset.UnixEpoch);
        string laser = $"""drone-dji:RtkFlag="50" drone-dji:LRFStatus="{status}" drone-dji:LRFTargetDistance="7.600" """;
        byte[] xmp = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(photo.Xmp()).Replace("""drone-dji:RtkFlag="50" """.Trim(), laser, StringComparison.Ordinal));
        using MemoryStream stream = new(Field.Demo.Synthetic.JpegSegments.WithApp1([0xFF, 0xD8, 0xFF, 0xD9], photo.Exif(), xmp));
        CameraMetadata camera = PhotoMetadataReader.Read(stream, Duluth).Camera;

        Assert.Equal((50, "RtkAlt", 0.02, 0.02, 0.03), (camera.RtkFlag, camera.AltitudeType, camera.RtkStdLonM, camera.RtkStdLatM, camera.RtkStdHeightM));
        Assert.Equal((61.1, distanceM), (camera.GpsAltitudeM, camera.LaserDistanceM));
        AssertAccepted(PhotoReader.Manifest(new SourceFile("/card/a.jpg", 5, 1), new string('a', 64), new PhotoMetadata(camera, null, null, false)));
    }

    [Theory]
    [InlineData("takeoff", 0.2, null, 0.2)]
    [InlineData("55.6", 0.1, 55.6, 0.1)]
    [InlineData("-3", 0.5, -3.0, 0.5)]
    public void Surface_that_the_crew_states_goes_with_the_photo(string text, double errorM, double? heightM, double statedM)
    {
        CameraMetadata camera = SurfaceStatement.Parse(text, errorM)!.Over(new CameraMetadata { RtkFlag = 50 });

        Assert.Equal(new CameraMetadata { RtkFlag = 50, SurfaceHeightM = heightM, SurfaceErrorM = statedM }, camera);
    }

    [Theory]
    [InlineData("55,6", null)]
    [InlineData("NaN", null)]
    [InlineData("12000", null)]
    [InlineData("deck", null)]
    [InlineData("55.6", 0.0)]
    [InlineData("55.6", double.NaN)]
    [InlineData(null, 0.3)]
    public void Surface_that_cannot_be_is_refused_before_anything_is_sent(string? surface, double? errorM)
    {
        DroneOptions options = new() { Flight = "/card", Surface = surface, SurfaceErrorM = errorM };

        Assert.Contains(options.Errors(new Texts(japanese: false)), e => e.StartsWith("--surface must be", StringComparison.Ordinal));
    }

    [Fact]
    public void Metadata_that_the_server_would_refuse_is_left_out_and_the_photo_stays()
    {
        PhotoMetadata absurd = new(new CameraMetadata { GimbalPitchDeg = 1e9 }, new GeoPoint(500, 0), null, false);
        PhotoManifest manifest = PhotoReader.Manifest(new SourceFile("/card/a.jpg", 5, 1), new string('a', 64), absurd);
        AssertAccepted(manifest);
        Assert.Null(manifest.Place);
    }

    [Theory]
    [InlineData("a\\b.jpg", "a_b.jpg")]
    [InlineData("橋梁 01.jpg", "橋梁 01.jpg")]
    public void Name_without_the_form_of_the_wire_is_made_to_fit(string name, string expected) =>
        Assert.Equal(expected, PhotoReader.Manifest(new SourceFile($"/card/{name}", 5, 1), new string('a', 64), PhotoMetadata.None).Name);

    private static PhotoMetadata Read(string relative) => ReadFile(SharedData.Path(relative));

    private static PhotoMetadata ReadFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return PhotoMetadataReader.Read(stream, Duluth);
    }

    private static void AssertAccepted(PhotoManifest manifest)
    {
        UpTopic topic = new("aoba", "drone-01", UpChannel.PhotoManifest, manifest.PhotoId);
        Assert.Empty(PhotoManifest.Parse(manifest.Write("aoba", "drone-01", 1, DateTimeOffset.UnixEpoch), topic).Errors);
    }
}
