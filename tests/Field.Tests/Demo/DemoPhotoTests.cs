using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Field.Demo.Synthetic;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Xmp;

namespace Field.Tests.Demo;

public sealed class DemoPhotoTests(DemoFolder demo) : IClassFixture<DemoFolder>
{
    /// <summary>Five standard deviations of the receiver's noise per axis, plus the rounding of the text.</summary>
    private const double ReceiverToleranceM = 0.26;

    private static readonly SyntheticFlight s_flight = new(DemoFolder.Options);

    [Fact]
    public void Metadata_read_by_a_public_library_is_the_rendered_pose()
    {
        foreach ((Shot shot, _) in s_flight.Photos)
        {
            var directories = ImageMetadataReader.ReadMetadata(Path.Combine(demo.Summary.FlightDirectory, shot.FileName));
            GeoLocation place = directories.OfType<GpsDirectory>().Single().GetGeoLocation()!;
            var xmp = directories.OfType<XmpDirectory>().Single().GetXmpProperties();

            Assert.InRange((SiteFrame.ToEastNorth(place.Longitude, place.Latitude) - shot.EastNorth).Length, 0, ReceiverToleranceM * 1.42);
            Assert.Equal(place.Longitude, Number(xmp["drone-dji:GpsLongitude"]), 1e-8);
            Assert.Equal(place.Latitude, Number(xmp["drone-dji:GpsLatitude"]), 1e-8);
            Assert.Equal(shot.HeightM, Number(xmp["drone-dji:RelativeAltitude"]), 6);
            Assert.Equal(shot.YawDeg, Number(xmp["drone-dji:GimbalYawDegree"]), 6);
            Assert.Equal(shot.PitchDeg, Number(xmp["drone-dji:GimbalPitchDegree"]), 6);
            Assert.Equal("50", xmp["drone-dji:RtkFlag"]);
            Assert.Equal(DemoFolder.Options.HeightSigmaM, Number(xmp["drone-dji:RtkStdHgt"]), 1e-5);
            Assert.Contains("SYNTHETIC", directories.OfType<ExifIfd0Directory>().Single().GetString(ExifDirectoryBase.TagImageDescription), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Metadata_read_by_exiftool_has_no_error_and_the_values_of_a_drone()
    {
        string json = ExifTool("-n", "-j", "-validate", "-warning", "-error", "-a", "-all", demo.Summary.FlightDirectory);
        JsonElement[] photos = [.. JsonDocument.Parse(json).RootElement.EnumerateArray()];

        Assert.Equal(16, photos.Length);
        foreach (JsonElement photo in photos)
        {
            Assert.False(photo.TryGetProperty("Error", out _), photo.ToString());
            Assert.False(photo.TryGetProperty("Warning", out JsonElement warning), $"{photo.GetProperty("FileName")}: {warning}");
            Assert.Equal("+09:00", photo.GetProperty("OffsetTimeOriginal").GetString());
            Assert.StartsWith("2026:10:14 10:2", photo.GetProperty("DateTimeOriginal").GetString(), StringComparison.Ordinal);
            Assert.Equal(40, photo.GetProperty("FocalLengthIn35mmFormat").GetInt32());
            Assert.Equal(320, photo.GetProperty("ExifImageWidth").GetInt32());
            Assert.Equal(240, photo.GetProperty("ExifImageHeight").GetInt32());
            Assert.Equal(369.8, photo.GetProperty("CalibratedFocalLength").GetDouble(), 6);
            double surfaceM = photo.GetProperty("GPSAltitude").GetDouble() - Number(photo.GetProperty("RelativeAltitude").GetString()!);
            Assert.InRange(surfaceM, FlightPlan.SurfaceHeightM - (5 * DemoFolder.Options.HeightSigmaM), FlightPlan.SurfaceHeightM + (5 * DemoFolder.Options.HeightSigmaM));
            Assert.Equal(138.45, photo.GetProperty("GPSLongitude").GetDouble(), 0.002);
            Assert.Contains("SYNTHETIC", photo.GetProperty("UserComment").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Photo_without_receiver_noise_states_the_exact_place()
    {
        var flight = new SyntheticFlight(DemoFolder.Options with { PositionSigmaM = 0 });
        byte[] jpeg = flight.Jpeg(0, TestContext.Current.CancellationToken);
        GeoLocation place = ImageMetadataReader.ReadMetadata(new MemoryStream(jpeg)).OfType<GpsDirectory>().Single().GetGeoLocation()!;

        Assert.InRange((SiteFrame.ToEastNorth(place.Longitude, place.Latitude) - flight.Photos[0].Shot.EastNorth).Length, 0, 0.0001);
    }

    [Fact]
    public void Jpeg_segments_on_something_else_are_refused() =>
        Assert.Throws<ArgumentException>(() => JpegSegments.WithApp1([0x89, 0x50, 0x4E, 0x47], [1]));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string ExifTool(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("exiftool", arguments) { RedirectStandardOutput = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "exiftool is not installed (Debian: libimage-exiftool-perl)");
            throw;
        }
    }
}
