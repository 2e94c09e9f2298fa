using System.Text;
using Field.Gdal;

namespace Field.Tests.Gdal;

public sealed class ImagesBrokenFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Probe_missing_file_throws()
    {
        var error = Assert.Throws<GdalException>(() => Images.Probe("/nowhere/photo.jpg"));

        Assert.Contains("/nowhere/photo.jpg", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an image at all")]
    [InlineData("\u00ff\u00d8\u00ff")]
    [InlineData("<VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"><VRTRasterBand dataType=\"Byte\" band=\"1\"/></VRTDataset>")]
    [InlineData("<GDAL_WMS><Service name=\"TMS\"><ServerUrl>http://127.0.0.1:9/${z}/${x}/${y}.png</ServerUrl></Service></GDAL_WMS>")]
    public void Probe_other_content_named_jpg_throws(string content)
    {
        var path = folder.Write("photo.jpg", Encoding.Latin1.GetBytes(content));

        Assert.Throws<GdalException>(() => Images.Probe(path));
    }

    [Theory]
    [InlineData("/vsicurl/http://127.0.0.1:9/photo.jpg")]
    [InlineData("/vsizip/some.zip/photo.jpg")]
    [InlineData("JPEG_SUBFILE:0,100,/etc/hostname")]
    [InlineData("MEM:::DATAPOINTER=0,PIXELS=1,LINES=1")]
    public void Probe_virtual_path_throws(string path) => Assert.Throws<GdalException>(() => Images.Probe(path));

    [Theory]
    [InlineData("drone/dji_phantom3_xmp/DJI_0018.JPG")]
    [InlineData("drone/canon_fixedwing_cc0/IMG_0450.jpg")]
    public void Read_truncated_drone_photo_throws(string file)
    {
        // DJI appends a second preview picture (MPF): only cuts inside the main picture damage what Read returns.
        var whole = File.ReadAllBytes(SharedData.Path(file));
        foreach (var share in new[] { 0.02, 0.1, 0.35, 0.6, 0.85 })
        {
            var path = folder.Write("cut.jpg", whole[..(int)(whole.Length * share)]);

            Assert.Throws<GdalException>(() => Images.Read(path));
            Assert.Throws<GdalException>(() => Images.Read(path, outWidthPx: 120));
        }
    }

    [Fact]
    public void Read_encoded_image_truncated_anywhere_throws()
    {
        var jpeg = Images.EncodeJpeg(Noise(96, 64, seed: 1), 90);
        var png = Images.EncodePng(Noise(96, 64, seed: 1));

        // The last two bytes of a JPEG (EOI) and the last twelve of a PNG (IEND) carry no pixels.
        for (var length = 0; length < jpeg.Length - 4; length += 37)
        {
            var path = folder.Write("cut.jpg", jpeg[..length]);
            Assert.Throws<GdalException>(() => Images.Read(path));
        }

        for (var length = 0; length < png.Length - 20; length += 211)
        {
            var path = folder.Write("cut.png", png[..length]);
            Assert.Throws<GdalException>(() => Images.Read(path));
        }
    }

    [Fact]
    public void Read_flipped_bytes_gives_an_image_or_a_gdal_exception()
    {
        var random = new Random(20260101);
        byte[][] sources = [Images.EncodeJpeg(Noise(64, 64, seed: 2), 80), Images.EncodePng(Noise(64, 64, seed: 2))];
        var refused = 0;
        for (var round = 0; round < 400; round++)
        {
            var bytes = (byte[])sources[round % 2].Clone();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var path = folder.Write("flipped.img", bytes);
            try
            {
                var image = Images.Read(path, new PixelWindow(0, 0, 64, 64));
                Assert.Equal(64 * 64 * 3, image.Pixels.Length);
            }
            catch (Exception error) when (error is GdalException or ArgumentOutOfRangeException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 399);
    }

    [Fact]
    public void Read_after_a_failure_on_the_same_thread_works()
    {
        var good = folder.Write("good.png", Images.EncodePng(Noise(8, 8, seed: 3)));
        var bad = folder.Write("bad.jpg", [0xFF, 0xD8, 0xFF, 0xE0]);

        Assert.Throws<GdalException>(() => Images.Read(bad));

        Assert.Equal(Noise(8, 8, seed: 3).Pixels, Images.Read(good).Pixels);
    }

    [Fact]
    public void Load_without_libgdal_names_the_package()
    {
        var error = Assert.Throws<GdalException>(() => GdalLibrary.LoadFirst(["libgdal.so.none"], typeof(Images).Assembly));

        Assert.Contains("apt-get install libgdal32", error.Message, StringComparison.Ordinal);
    }

    internal static RasterImage Noise(int width, int height, int seed)
    {
        var pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(pixels);
        return new RasterImage(width, height, 3, pixels);
    }
}
