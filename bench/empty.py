"""The empty Flask page that every figure is compared with, served like the site."""

from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def page():
    return "<!doctype html><title>empty</title>"


@app.post("/")
def post():
    return request.form.get("name", "")
